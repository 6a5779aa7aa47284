import { beforeEach, describe, expect, test } from "vitest";
import { intentOf } from "../../src/effects/intent.js";
import type { Effect } from "../../src/effects/effect.js";
import type { LedgerHooks } from "../../src/effects/ledger-writer.js";
import { undoRequest, undoSome, type UndoRequest } from "../../src/jobs/undo.js";
import { nodeId } from "../../simulator/render/node-id.js";
import { failure, startLedger, WRITES } from "./ledger.js";
import { CONTEXT, type Effects, type Setting } from "./setting.js";
import { withDatabase } from "../support/database.js";

const { store } = await withDatabase();
const { github, begin, writer, apply, dropAnswer, writes, rows, once } = await startLedger(store);
const { control } = github;
const ISSUE = { repository: "acme/site", number: 1 };

let setting: Setting;
let effects: Effects;
beforeEach(async () => {
  ({ setting, effects } = await begin());
  const { installationId: installation_id, repository: at } = setting;
  await store.sql.query(
    `INSERT INTO repositories (id, installation_id, full_name, owner_login, name, updated_at, content_hash)
     VALUES ($1, $2, 'acme/site', 'acme', 'site', now(), '')`,
    [at.id, installation_id],
  );
});

function request(some: Partial<UndoRequest> = {}): UndoRequest {
  const until = new Date(Date.now() + 1_000).toISOString();
  return undoRequest.parse({ installationId: Number(setting.installationId), until, by: "ann", ...some });
}

async function undo(wanted = request(), hooks: LedgerHooks = {}): Promise<readonly string[]> {
  const { signal } = new AbortController();
  await undoSome({ store, writer: writer(hooks), context: CONTEXT, signal }, wanted, 1_000);
  return (await rows()).filter(({ kind }) => kind === "undo").map(({ status, error }) => `${status}: ${error ?? ""}`);
}

const repository = () => github.simulation.organisation.byName.get("acme/site");
const pull = () => repository()?.pulls.get(setting.pull);
const check = () => [...(repository()?.checkRuns.values() ?? [])].flat().at(-1);
const labels = () => (repository()?.issues.get(1)?.labels ?? []).map(({ name }) => name);
const incident = () => [...(repository()?.issues.values() ?? [])].at(-1);

describe("undoes each kind", () => {
  test.each([
    ["comment", once.comment, 0],
    ["reaction", once.reaction, 0],
    ["labels", once.labels, 0],
    ["request-reviewers", once["request-reviewers"], 0],
  ] as const)("%s: removes it, and a second undo does nothing", async (kind, count, left) => {
    await apply([effects[kind]]);
    expect(await undo()).toEqual(["done: "]);
    expect(count()).toBe(left);
    const called = await writes();
    expect(await undo(request({ until: new Date(Date.now() + 2_000).toISOString() }))).toHaveLength(1);
    expect(await writes()).toBe(called);
  });

  test("a label that the app took off comes back", async () => {
    await control.apply("label", { ...ISSUE, label: "triage", by: "ann" });
    await apply([effects.labels]);
    expect(labels()).toEqual(["bug", "urgent"]);
    await undo();
    expect(labels()).toEqual(["triage"]);
  });

  test("a check becomes neutral with the reason", async () => {
    await apply([{ ...effects["check-run"], conclusion: "failure" }]);
    await undo();
    expect(check()).toMatchObject({ conclusion: "neutral", title: "Taken back" });
  });

  test("a review that only comments is folded away with its comments", async () => {
    await apply([effects.review]);
    expect(await undo()).toEqual(["done: "]);
    expect(pull()?.reviews[0]).toMatchObject({ state: "COMMENTED", minimized: "OUTDATED" });
    expect(pull()?.threads[0]?.comments[0]?.minimized).toBe("OUTDATED");
  });

  test("closes the App's issue as not planned, and reopens one that it closed", async () => {
    await apply([effects.issue]);
    const closing: Effect = { ...effects.issue, occasion: "second", state: "closed" };
    await apply([closing]);
    const { intent } = { intent: intentOf(closing) };
    const [row] = (await rows()).filter((each) => each.intent === intent);
    await undo(request({ since: row?.created_at.toISOString() ?? null }));
    expect(incident()).toMatchObject({ state: "open" });
    await undo(request({ until: new Date(Date.now() + 2_000).toISOString() }));
    expect(incident()).toMatchObject({ state: "closed", stateReason: "not_planned" });
  });

  test("a comment that was folded is shown, a resolved thread is open again", async () => {
    const permissions = { issues: "write", pull_requests: "write", contents: "write" } as const;
    await control.apply("acceptPermissions", { installation: Number(setting.installationId), permissions });
    await control.apply("submitReview", {
      ...ISSUE,
      number: setting.pull,
      state: "COMMENTED",
      comments: [{ path: "src/a.ts", line: 2, body: "Look" }],
    });
    const [thread] = pull()?.threads ?? [];
    const [comment] = thread?.comments ?? [];
    if (!thread || !comment) throw new Error("no thread");
    const base = { repository: setting.repository, occasion: "o", reason: "r" };
    await apply([
      { kind: "minimise-comment", ...base, nodeId: nodeId(comment), classifier: "OUTDATED" },
      { kind: "resolve-thread", ...base, threadId: nodeId(thread) },
    ]);
    expect([comment.minimized, thread.resolved]).toEqual(["OUTDATED", true]);
    expect(await undo()).toEqual(["done: ", "done: "]);
    expect([comment.minimized, thread.resolved]).toEqual([null, false]);
  });

  test("restores the earlier of two texts first, then deletes the comment", async () => {
    await apply([effects.comment]);
    const second: Effect = { ...effects.comment, occasion: "second", body: "Hello again" };
    await apply([second]);
    const newer = (await rows()).at(-1)?.created_at.toISOString() ?? null;
    await undo(request({ since: newer }));
    const body = () =>
      repository()
        ?.issues.get(1)
        ?.comments.map((each) => each.body.split("\n")[0]);
    expect(body()).toEqual(["Hello first"]);
    await undo(request({ until: new Date(Date.now() + 2_000).toISOString() }));
    expect(body()).toEqual([]);
  });

  test("an edit of a review's comment has no inverse, and is reported", async () => {
    await apply([effects.review]);
    const comment = pull()?.threads[0]?.comments[0];
    if (!comment) throw new Error("no comment");
    const base = { repository: setting.repository, occasion: "o", reason: "r" };
    await apply([{ kind: "review-comment", ...base, nodeId: nodeId(comment), body: "Fixed." }]);
    expect(await undo()).toEqual([
      expect.stringContaining("the ledger does not hold its first text"),
      expect.stringMatching(/^done/),
    ]);
    expect(comment.minimized).toBe("OUTDATED");
  });
});

describe("keeps later changes by people", () => {
  test("labels: added again by a person, removed by one, present before", async () => {
    await control.apply("label", { ...ISSUE, label: "urgent", by: "ann" });
    await apply([effects.labels]);
    await control.apply("unlabel", { ...ISSUE, label: "bug", by: "ann" });
    await control.apply("label", { ...ISSUE, label: "bug", by: "ann" });
    expect(await undo()).toEqual(["cancelled: label bug: ann changed it since; label urgent: ann changed it since"]);
    expect(labels()).toEqual(["urgent", "bug"]);
  });

  test("a comment that a person edited; one that was answered is folded, not deleted", async () => {
    await apply([effects.comment]);
    const comment = repository()?.issues.get(1)?.comments[0];
    if (!comment) throw new Error("no comment");
    const { body } = comment;
    await control.apply("editComment", { comment: comment.id, body: body.replace("Hello", "Good day"), by: "ann" });
    expect(await undo()).toEqual(["cancelled: the comment: a person edited it since"]);
    await control.apply("editComment", { comment: comment.id, body, by: "ann" });
    await control.apply("addComment", { ...ISSUE, body: "Thanks", by: "ann" });
    await undo(request({ until: new Date(Date.now() + 2_000).toISOString() }));
    expect(comment.minimized).toBe("OUTDATED");
    expect(repository()?.issues.get(1)?.comments).toHaveLength(2);
  });

  test("a review comment that was answered; a reviewer who was asked again; an issue that was reopened", async () => {
    await apply([effects.review, effects["request-reviewers"]]);
    const comment = pull()?.threads[0]?.comments[0];
    if (!comment) throw new Error("no comment");
    await control.apply("replyToReviewComment", { comment: comment.id, body: "No", by: "ann" });
    const on = { repository: "acme/site", number: setting.pull, reviewer: "ann", by: "bob" };
    await control.apply("unrequestReviewer", on);
    await control.apply("requestReviewer", on);
    await apply([effects.issue, { ...effects.issue, occasion: "second", state: "closed" }]);
    const number = incident()?.number ?? 0;
    await control.apply("reopenIssue", { repository: "acme/site", number, by: "ann" });
    expect((await undo()).toSorted()).toEqual([
      "cancelled: ann: bob changed it since",
      "cancelled: the issue: ann reopened it since",
      `done: the comment ${comment.id}: a person answered it`,
    ]);
    expect(comment.minimized).toBeNull();
    expect(pull()?.requestedReviewers.map(({ login }) => login)).toEqual(["ann"]);
    expect(incident()?.state).toBe("open");
  });
});

describe("selections", () => {
  test("by label: only that label; by rule: only its comments", async () => {
    const body = "Debugger left. <sub>Resolve this to dismiss it, or comment `/ignore debug/statement` on it.</sub>";
    const two = {
      ...effects.review,
      comments: [
        { path: "src/a.ts", line: 3, body },
        { path: "src/a.ts", line: 4, body: "Other" },
      ],
    };
    await apply([effects.labels, two]);
    await undo(request({ label: "BUG" }));
    expect(labels()).toEqual(["urgent"]);
    await undo(request({ rule: "debug/statement" }));
    expect(pull()?.threads.map(({ comments }) => comments[0]?.minimized)).toEqual(["OUTDATED", null]);
    expect(pull()?.reviews[0]?.minimized).toBeNull();
  });

  test("by issue: keeps effects elsewhere, and those of another installation", async () => {
    await apply([effects.comment, effects.reaction, effects["check-run"]]);
    await undo(request({ repositoryId: Number(setting.repository.id), number: 1, installationId: 1 }));
    expect([once.comment(), once.reaction()]).toEqual([1, 1]);
    await undo(request({ repositoryId: Number(setting.repository.id), number: 1 }));
    expect([once.comment(), once.reaction()]).toEqual([0, 0]);
    expect(check()?.title).toBe("120 findings");
  });
});

describe("once", () => {
  const crash = (): never => {
    throw new Error("killed");
  };

  test("a process that ends between call and result: the next one does not take back a person's act", async () => {
    await apply([effects.labels]);
    const wanted = request();
    await failure(undo(wanted, { afterCall: crash }));
    expect(labels()).toEqual([]);
    await control.apply("label", { ...ISSUE, label: "bug", by: "ann" });
    expect(await undo(wanted)).toEqual([expect.stringMatching(/^adopted: .*bug: ann changed it since/)]);
    expect(labels()).toEqual(["bug"]);
  });

  test("adopts a deletion whose answer was lost", async () => {
    await apply([effects.comment]);
    const id = repository()?.issues.get(1)?.comments[0]?.id ?? 0;
    const wanted = request();
    await dropAnswer(`DELETE /repos/acme/site/issues/comments/${id}`);
    await failure(undo(wanted));
    expect(once.comment()).toBe(0);
    expect(await undo(wanted)).toEqual([expect.stringMatching(/^adopted/)]);
  });

  test("a comment written after an undo is a new one", async () => {
    await apply([effects.comment]);
    await undo();
    await apply([{ ...effects.comment, occasion: "second", body: "Anew" }]);
    expect(once.comment()).toBe(1);
    expect(WRITES.comment).toBeDefined();
  });
});
