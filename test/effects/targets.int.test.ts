import { beforeEach, describe, expect, test } from "vitest";
import { APP_PERMISSIONS } from "../../simulator/organisation/create.js";
import { nodeId } from "../../simulator/render/node-id.js";
import type { Effect } from "../../src/effects/effect.js";
import { GoneError, InvalidError, NetworkError } from "../../src/errors.js";
import { failure, startLedger, WRITES } from "./ledger.js";
import { type Effects, type Setting, visible } from "./setting.js";
import { withDatabase } from "../support/database.js";

const { store } = await withDatabase();
const { github, begin, writer, apply, dropAnswer, rows } = await startLedger(store);

let setting: Setting;
let effects: Effects;
beforeEach(async () => {
  ({ setting, effects } = await begin());
});

describe("a comment's slot", () => {
  test("is brought to the new text, and back, in one comment", async () => {
    const change = async (occasion: string, body: string) => {
      const [result] = await apply([{ ...effects.comment, occasion, body }]);
      return result?.change;
    };
    expect(await change("1", "A")).toBe("created");
    expect(await change("2", "B")).toBe("updated");
    expect(await change("3", "A")).toBe("updated");
    expect(visible(github).comments.map((body) => body.split("\n")[0])).toEqual(["A"]);
  });

  test("a dropped answer to the first text is no reason for a second comment", async () => {
    await dropAnswer(WRITES.comment);
    await failure(apply([{ ...effects.comment, occasion: "1", body: "A" }]));
    await apply([{ ...effects.comment, occasion: "2", body: "B" }]);
    expect(visible(github).comments.map((body) => body.split("\n")[0])).toEqual(["B"]);
    const [late] = await apply([{ ...effects.comment, occasion: "1", body: "A" }]);
    expect(late).toMatchObject({ status: "cancelled", reason: "a later effect replaced it" });
    expect(visible(github).comments.map((body) => body.split("\n")[0])).toEqual(["B"]);
  });

  test("writes a deleted comment again for the next text", async () => {
    const [first] = await apply([effects.comment]);
    await github.control.apply("deleteComment", { comment: Number(first?.githubId) });
    const [second] = await apply([{ ...effects.comment, occasion: "2", body: "B" }]);
    expect(second).toMatchObject({ status: "done", change: "created" });
  });

  test("ignores a marker copied by another person", async () => {
    const crash = { afterCall: () => Promise.reject(new Error("killed")) };
    await failure(apply([effects.comment], writer(crash)));
    const [body = ""] = visible(github).comments;
    const found = github.simulation.organisation.byName.get("acme/site")?.issues.get(setting.issue)?.comments[0];
    await github.control.apply("deleteComment", { comment: found?.id ?? 0 });
    await github.control.apply("addComment", { repository: "acme/site", number: setting.issue, body, by: "mallory" });
    const [retried] = await apply([effects.comment]);
    expect(retried).toMatchObject({ status: "done", change: "created" });
    expect(visible(github).comments).toHaveLength(1);
  });
});

describe("reviewers", () => {
  test("notes a refused reviewer, and requests the others", async () => {
    const users = ["ann", "mallory", "bob"];
    const [result] = await apply([{ ...effects["request-reviewers"], users }]);
    const note = "GitHub refuses review requests to mallory";
    expect(result).toMatchObject({ status: "done", change: "updated", note });
    expect(visible(github).reviewers).toEqual(["ann", "bob"]);
    expect(await rows()).toMatchObject([{ status: "done", error: note }]);
  });

  test("is refused when no reviewer can be requested", async () => {
    const asked = { ...effects["request-reviewers"], users: ["mallory"], teams: ["nowhere"] };
    expect(await failure(apply([asked]))).toBeInstanceOf(InvalidError);
    expect(visible(github).reviewers).toEqual([]);
    expect(await rows()).toMatchObject([{ status: "failed", error_kind: "invalid" }]);
  });
});

describe("a check run", () => {
  test("goes from its start to its end in place, with all of its annotations", async () => {
    const start = { ...effects["check-run"], status: "in_progress" as const, conclusion: null, annotations: [] };
    await apply([start]);
    expect(visible(github).checkRuns).toEqual([{ status: "in_progress", conclusion: null, annotations: 0 }]);
    await apply([effects["check-run"]]);
    expect(visible(github).checkRuns).toEqual([{ status: "completed", conclusion: "neutral", annotations: 120 }]);
  });

  test("a finished one gets a successor", async () => {
    await apply([effects["check-run"]]);
    await apply([{ ...effects["check-run"], occasion: "again" }]);
    expect(visible(github).checkRuns).toHaveLength(2);
  });

  test("continues after the lost answer to its second batch", async () => {
    await dropAnswer("PATCH /repos/acme/site/check-runs");
    expect(await failure(apply([effects["check-run"]]))).toBeInstanceOf(NetworkError);
    expect(visible(github).checkRuns).toEqual([{ status: "in_progress", conclusion: null, annotations: 100 }]);
    await apply([effects["check-run"]]);
    expect(visible(github).checkRuns).toEqual([{ status: "completed", conclusion: "neutral", annotations: 120 }]);
  });
});

test("a head has one review, whatever later runs decide", async () => {
  await apply([effects.review]);
  const [second] = await apply([{ ...effects.review, occasion: "again", body: "Other words" }]);
  expect(second).toMatchObject({ status: "cancelled", reason: "this head already has a review by the app" });
  expect(visible(github)).toMatchObject({ reviews: 1, inline: 1 });
});

test("a fixed finding's thread is resolved and its comment minimised, by GraphQL", async () => {
  const permissions = { ...APP_PERMISSIONS, contents: "write" } as const;
  await github.control.apply("acceptPermissions", { installation: Number(setting.installationId), permissions });
  await apply([effects.review]);
  const thread = github.simulation.organisation.byName.get("acme/site")?.pulls.get(setting.pull)?.threads[0];
  const comment = thread?.comments[0];
  if (!thread || !comment) throw new Error("no thread");
  const base = { repository: setting.repository, occasion: "fixed", reason: "it was fixed" };
  const fixed: Effect[] = [
    { kind: "minimise-comment", ...base, nodeId: nodeId(comment), classifier: "RESOLVED" },
    { kind: "resolve-thread", ...base, threadId: nodeId(thread) },
  ];
  await github.control.run("faults", { planned: [{ match: "POST /graphql", kind: "drop-answer", times: 1 }] });
  expect(await failure(apply(fixed))).toBeInstanceOf(NetworkError);
  expect(await apply(fixed)).toMatchObject([{ status: "done" }, { status: "done" }]);
  expect(comment.minimized).not.toBeNull();
  expect(thread.resolved).toBe(true);
  const gone: Effect = { kind: "resolve-thread", ...base, threadId: "PRRT_nothing" };
  expect(await failure(apply([gone]))).toBeInstanceOf(GoneError);
});

test("an incident's issue is opened, updated and closed as one", async () => {
  const [nothing] = await apply([{ ...effects.issue, occasion: "0", state: "closed" }]);
  expect(nothing).toMatchObject({ status: "cancelled", reason: "no open issue found to close" });
  const changes = [];
  for (const [occasion, state] of [
    ["1", "open"],
    ["2", "open"],
    ["3", "closed"],
  ] as const) {
    const [result] = await apply([{ ...effects.issue, occasion, state, body: `now ${occasion}` }]);
    changes.push(result?.change);
  }
  expect(changes).toEqual(["created", "updated", "updated"]);
  expect(visible(github).issues).toEqual(["closed"]);
});
