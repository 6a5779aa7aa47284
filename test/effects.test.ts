import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { nodeId } from "../demo/github/render/node-id.js";
import { startGitHub } from "../demo/github/start.js";
import type { Effect } from "../src/effect.js";
import { GoneError, InvalidError, NetworkError, RateLimitError } from "../src/errors.js";
import { createDryRunWriter } from "../src/github/effects/dry-run-writer.js";
import { createEffectLedger, type LedgerHooks } from "../src/github/effects/ledger-writer.js";
import { intentOf } from "../src/github/effects/intent.js";
import { changeLists } from "../src/jobs/change-lists.js";
import { registryOf } from "../src/jobs/define-job.js";
import { JOBS } from "../src/jobs/registry.js";
import { allowWrites } from "../src/jobs/resume-writes.js";
import { jobRunner } from "../src/jobs/run-job.js";
import { createLog } from "../src/log.js";
import { resumeBlocked } from "../src/github/effects/resume.js";
import type { EffectWriter } from "../src/github/effects/writer.js";
import { pauseWrites, resumeWrites } from "../src/store/effects/switch.js";
import { openStore } from "../src/store/store.js";
import { repositoryLists } from "../src/store/tenants/repository-lists.js";
import { CONTEXT, effectsOf, gatewayTo, prepare, visible, type Setting } from "./effects-setting.js";
import { withDatabase } from "./support/database.js";

const database = await withDatabase();
const { store } = database;
const github = await startGitHub({ limits: { limits: { contentPerMinute: 1_000 } } });
afterAll(() => github.close());

let setting: Setting;
let effects: ReturnType<typeof effectsOf>;

beforeEach(async () => {
  await store.sql.query("TRUNCATE effects, app_settings, installations, repositories, jobs");
  await github.control.run("faults", {});
  const { organisation } = github.simulation;
  for (const { id } of organisation.installations.values())
    await github.control.apply("uninstall", { installation: id });
  if (organisation.byName.has("acme/site")) await github.control.apply("deleteRepository", { repository: "acme/site" });
  setting = await prepare(github);
  effects = effectsOf(setting);
  await store.prisma.installation.create({
    data: {
      id: setting.installationId,
      account_login: "acme",
      account_type: "Organization",
      updated_at: new Date(),
      content_hash: "",
    },
  });
  await github.control.run("clearCalls", {});
});

/** A writer as a process that has just started has it. */
function writer(hooks: LedgerHooks = {}, on = store): EffectWriter {
  return createEffectLedger({ store: on, github: gatewayTo(github), hooks }).writer(setting.installationId);
}

const apply = (list: readonly Effect[], by: EffectWriter = writer()) => by.apply(list, CONTEXT);

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.fail("nothing was thrown"),
    (error: unknown) => error,
  );
}

const runJob = (id: bigint) =>
  jobRunner({
    store,
    log: createLog({ level: "silent" }),
    clock: { now: () => new Date() },
    leaseMs: 30_000,
    random: () => 0,
    token: randomUUID,
    registry: registryOf(JOBS),
    reader: (installation) => gatewayTo(github).reader(installation),
    writer: () => writer(),
    wake: () => Promise.resolve(),
  })(id, new AbortController().signal);

const dropAnswer = (match: string, times = 1) =>
  github.control.run("faults", { planned: [{ match, kind: "drop-answer", times }] });

async function writes(): Promise<number> {
  const calls = await github.control.run("calls", {});
  return calls.filter((call) => call.method !== "GET" && !call.path.includes("access_tokens")).length;
}

async function rows() {
  return store.prisma.effect.findMany({ orderBy: { id: "asc" } });
}

const once = {
  comment: () => visible(github).comments.length,
  review: () => visible(github).reviews,
  "check-run": () => visible(github).checkRuns.length,
  issue: () => visible(github).issues.length,
  reaction: () => visible(github).reactions,
  labels: () => visible(github).labels.length / 2,
  "request-reviewers": () => visible(github).reviewers.length,
};
const KINDS = ["comment", "review", "check-run", "issue", "reaction", "labels", "request-reviewers"] as const;

const WRITES = {
  comment: "POST /repos/acme/site/issues/1/comments",
  review: "POST /repos/acme/site/pulls/2/reviews",
  "check-run": "POST /repos/acme/site/check-runs",
  issue: "POST /repos/acme/site/issues",
  reaction: "POST /repos/acme/site/issues/1/reactions",
  labels: "POST /repos/acme/site/issues/1/labels",
  "request-reviewers": "POST /repos/acme/site/pulls/2/requested_reviewers",
};

describe.each(KINDS)("%s", (kind) => {
  test("is done, and a second time nothing is called", async () => {
    const [first] = await apply([effects[kind]]);
    expect(first).toMatchObject({ status: "done", reason: null });
    expect(once[kind]()).toBe(1);
    const called = (await github.control.run("calls", {})).length;
    const [second] = await apply([effects[kind]]);
    expect(second).toMatchObject({
      status: "done",
      change: null,
      githubId: first?.githubId,
      reason: "it was done before",
    });
    expect((await github.control.run("calls", {})).length).toBe(called);
    expect(await rows()).toMatchObject([{ status: "done", intent: intentOf(effects[kind]), error: null }]);
  });

  test("is done once where the answer was dropped", async () => {
    await dropAnswer(WRITES[kind]);
    expect(await failure(apply([effects[kind]]))).toBeInstanceOf(NetworkError);
    expect(once[kind]()).toBe(1);
    expect(await rows()).toMatchObject([{ status: "failed", error_kind: "network" }]);
    const [retried] = await apply([effects[kind]]);
    expect(retried?.status).toMatch(/^(done|adopted)$/);
    expect(once[kind]()).toBe(1);
  });

  test("is done once where the process ended between intent and call, and between call and result", async () => {
    const crash = (): never => {
      throw new Error("killed");
    };
    expect(await failure(apply([effects[kind]], writer({ afterIntent: crash })))).toMatchObject({ message: "killed" });
    expect(once[kind]()).toBe(0);
    expect(await failure(apply([effects[kind]], writer({ afterCall: crash })))).toMatchObject({ message: "killed" });
    expect(once[kind]()).toBe(1);
    expect(await rows()).toMatchObject([{ status: "intended" }]);
    const [retried] = await apply([effects[kind]]);
    expect(retried?.status).toMatch(/^(done|adopted)$/);
    expect(once[kind]()).toBe(1);
  });
});

test("what cannot be repeated is adopted with its id, not called again", async () => {
  for (const kind of ["comment", "review", "check-run", "issue"] as const) {
    const crash = { afterCall: () => Promise.reject(new Error("killed")) };
    await failure(apply([effects[kind]], writer(crash)));
    const called = await writes();
    const [retried] = await apply([effects[kind]]);
    expect(retried).toMatchObject({ status: "adopted", change: "unchanged" });
    expect(retried?.githubId).toMatch(/^\d+$/);
    expect(await writes()).toBe(called);
  }
});

test("two processes with the same effects: each is called for once", async () => {
  const other = openStore({ url: database.url, poolSize: 5, applicationName: "other" });
  const all = Object.values(effects);
  const results = await Promise.all([
    apply(all),
    apply(all, writer({}, other)),
    apply(all),
    apply(all, writer({}, other)),
  ]);
  await other.close();
  for (const kind of KINDS) expect([kind, once[kind]()]).toEqual([kind, 1]);
  for (const [index] of all.entries()) {
    expect(results.filter((each) => each[index]?.change !== null)).toHaveLength(1);
  }
});

test("a pool of one connection is enough", async () => {
  const small = openStore({ url: database.url, poolSize: 1, applicationName: "small" });
  const by = writer({}, small);
  await Promise.all([apply([effects.comment], by), apply([effects.issue], by), apply([effects.comment], by)]);
  await small.close();
  expect(visible(github)).toMatchObject({ issues: ["open"] });
  expect(visible(github).comments).toHaveLength(1);
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
    expect(late).toMatchObject({ status: "cancelled", reason: "a later effect took its place" });
    expect(visible(github).comments.map((body) => body.split("\n")[0])).toEqual(["B"]);
  });

  test("a comment that somebody deleted is written again for the next text", async () => {
    const [first] = await apply([effects.comment]);
    await github.control.apply("deleteComment", { comment: Number(first?.githubId) });
    const [second] = await apply([{ ...effects.comment, occasion: "2", body: "B" }]);
    expect(second).toMatchObject({ status: "done", change: "created" });
  });

  test("somebody who copies our mark is not us", async () => {
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
  test("who is no collaborator keeps nobody else from being asked, and is named", async () => {
    const users = ["ann", "mallory", "bob"];
    const [result] = await apply([{ ...effects["request-reviewers"], users }]);
    const note = "GitHub does not let mallory be asked for a review";
    expect(result).toMatchObject({ status: "done", change: "updated", note });
    expect(visible(github).reviewers).toEqual(["ann", "bob"]);
    expect(await rows()).toMatchObject([{ status: "done", error: note }]);
  });

  test("nobody who can be asked is a refusal", async () => {
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

  test("goes on where the answer to its second batch was dropped", async () => {
    await dropAnswer("PATCH /repos/acme/site/check-runs");
    expect(await failure(apply([effects["check-run"]]))).toBeInstanceOf(NetworkError);
    expect(visible(github).checkRuns).toEqual([{ status: "in_progress", conclusion: null, annotations: 100 }]);
    await apply([effects["check-run"]]);
    expect(visible(github).checkRuns).toEqual([{ status: "completed", conclusion: "neutral", annotations: 120 }]);
  });
});

test("a head has one review, whatever else is said about it", async () => {
  await apply([effects.review]);
  const [second] = await apply([{ ...effects.review, occasion: "again", body: "Other words" }]);
  expect(second).toMatchObject({ status: "cancelled", reason: "this head has our review already" });
  expect(visible(github)).toMatchObject({ reviews: 1, inline: 1 });
});

test("a fixed finding's thread is resolved and its comment minimised, by GraphQL", async () => {
  await apply([effects.review]);
  const thread = github.simulation.organisation.byName.get("acme/site")?.pulls.get(setting.pull)?.threads[0];
  const comment = thread?.comments[0];
  if (!thread || !comment) throw new Error("no thread");
  const base = { repository: setting.repository, occasion: "fixed", because: "it was fixed" };
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
  expect(nothing).toMatchObject({ status: "cancelled", reason: "there is no issue to close" });
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

describe("the switch", () => {
  test.each(["everywhere", "installation"] as const)(
    "stops writes, %s; resuming does what was blocked, once",
    async (where) => {
      const scope = where === "everywhere" ? where : setting.installationId;
      await pauseWrites(store.sql, scope, "an incident");
      const results = await apply([effects.comment, effects.labels]);
      expect(results.map((result) => result.status)).toEqual(["blocked", "blocked"]);
      expect(await writes()).toBe(0);
      expect((await rows()).map((row) => row.error)).toEqual(
        Array(2).fill(
          where === "everywhere" ? "writes are paused everywhere" : "writes are paused for this installation",
        ),
      );
      await resumeWrites(store.sql, scope);
      const resumed = await resumeBlocked(store, setting.installationId, writer(), CONTEXT);
      expect(resumed.map((result) => result.status)).toEqual(["done", "done"]);
      expect(await resumeBlocked(store, setting.installationId, writer(), CONTEXT)).toEqual([]);
      expect(once.comment()).toBe(1);
    },
  );

  test("turned back, plans a job that does what was blocked", async () => {
    await pauseWrites(store.sql, "everywhere", "an incident");
    await apply([effects.comment, effects.labels]);
    const waiting = await allowWrites(store, "everywhere", new Date());
    expect(waiting).toEqual(new Map([[setting.installationId, 2]]));
    const [row] = await store.sql.query("SELECT id::text AS id, name FROM jobs WHERE status = 'waiting'");
    expect(row?.["name"]).toBe("resume-writes");
    await runJob(BigInt(String(row?.["id"])));
    expect(once.comment()).toBe(1);
    expect(await store.sql.query("SELECT status, reason FROM jobs")).toEqual([
      { status: "done", reason: "2 effects that had waited were looked at" },
    ]);
    expect(await allowWrites(store, "everywhere", new Date())).toEqual(new Map());
  });

  test("does nothing to a denied repository, not even what was paused; allowed again, it is done once", async () => {
    await pauseWrites(store.sql, "everywhere", "an incident");
    await apply([effects.comment]);
    await store.sql.query(
      `INSERT INTO repositories (id, installation_id, owner_login, name, full_name, updated_at, content_hash)
       VALUES ($1, $2, 'acme', 'site', 'acme/site', now(), '')`,
      [setting.repository.id, setting.installationId],
    );
    const change = async (remove: boolean) => {
      const [before] = await repositoryLists(store.sql);
      if (!before) throw new Error("no installation");
      return changeLists(store, before, { list: "deny", patterns: ["acme/s*"], remove }, new Date());
    };
    expect(await change(false)).toMatchObject({ letIn: [] });
    await allowWrites(store, "everywhere", new Date());
    const jobs = () => store.sql.query("SELECT id::text AS id, name, status, reason FROM jobs ORDER BY id");
    for (const { id } of await jobs()) await runJob(BigInt(String(id)));
    const because = "the organisation denies acme/site (acme/s*)";
    expect(await jobs()).toMatchObject([
      { status: "skipped", reason: `1 effects that had waited were looked at; 1 wait: ${because}` },
    ]);
    expect(await apply([effects.labels])).toMatchObject([{ status: "blocked", reason: because }]);
    expect(await writes()).toBe(0);
    expect(await change(true)).toMatchObject({ letIn: ["acme/site"] });
    const planned = (await jobs()).filter(({ status }) => status === "waiting");
    expect(new Set(planned.map(({ name }) => name))).toEqual(new Set(["sync", "catch-up", "resume-writes"]));
    const resume = planned.find(({ name }) => name === "resume-writes");
    await runJob(BigInt(String(resume?.["id"])));
    expect((await rows()).map(({ status }) => status)).toEqual(["done", "done"]);
    expect(once.comment()).toBe(1);
  });

  test("of another installation stops nothing here", async () => {
    await store.prisma.installation.create({
      data: { id: 1n, account_login: "other", account_type: "User", updated_at: new Date(), content_hash: "" },
    });
    await pauseWrites(store.sql, 1n, "theirs");
    expect(await apply([effects.comment])).toMatchObject([{ status: "done" }]);
  });

  test("takes hold between two effects of one job", async () => {
    const by = writer({ afterCall: async () => void (await pauseWrites(store.sql, "everywhere", "now")) });
    const results = await apply([effects.comment, effects.labels], by);
    expect(results.map((result) => result.status)).toEqual(["done", "blocked"]);
  });

  test("a blocked text that a later one replaced stays unsaid", async () => {
    await pauseWrites(store.sql, "everywhere", "x");
    await apply([{ ...effects.comment, occasion: "1", body: "A" }]);
    await resumeWrites(store.sql, "everywhere");
    await apply([{ ...effects.comment, occasion: "2", body: "B" }]);
    expect(await resumeBlocked(store, setting.installationId, writer(), CONTEXT)).toMatchObject([
      { status: "cancelled" },
    ]);
    expect(visible(github).comments.map((body) => body.split("\n")[0])).toEqual(["B"]);
  });

  test("an effect whose answer was dropped before writes were paused is adopted after it", async () => {
    await dropAnswer(WRITES.comment);
    await failure(apply([effects.comment]));
    await pauseWrites(store.sql, "everywhere", "x");
    expect(await apply([effects.comment])).toMatchObject([{ status: "blocked" }]);
    await resumeWrites(store.sql, "everywhere");
    expect(await resumeBlocked(store, setting.installationId, writer(), CONTEXT)).toMatchObject([
      { status: "adopted" },
    ]);
    expect(once.comment()).toBe(1);
  });
});

test.each([
  ["uninstalled", { deleted_at: new Date() }, "the App is not installed any more"],
  ["suspended", { suspended_at: new Date() }, "the installation is suspended"],
])("%s: cancelled, and GitHub is not asked", async (_name, data, reason) => {
  await store.prisma.installation.update({ where: { id: setting.installationId }, data });
  expect(await apply([effects.comment])).toMatchObject([{ status: "cancelled", reason }]);
  expect(await github.control.run("calls", {})).toEqual([]);
});

test("a rate limit stops the list with its time; the next call goes on where it stopped", async () => {
  await apply([effects.labels]);
  await github.control.run("remaining", { rest: 0 });
  const error = await failure(apply([effects.labels, effects.comment, effects.reaction]));
  expect(error).toBeInstanceOf(RateLimitError);
  expect((await rows()).map((row) => [row.kind, row.status, row.error_kind])).toEqual([
    ["labels", "done", null],
    ["comment", "failed", "rate-limit"],
  ]);
  await github.control.run("remaining", { rest: 5_000 });
  const results = await apply([effects.labels, effects.comment, effects.reaction]);
  expect(results.map((result) => result.status)).toEqual(["done", "done", "done"]);
  expect(once.comment()).toBe(1);
});

test("what can never be done does not keep the rest from being done, and is thrown", async () => {
  const offTheDiff = { ...effects.review, comments: [{ path: "src/a.ts", line: 999, body: "nowhere" }] };
  expect(await failure(apply([offTheDiff, { ...effects.comment, issue: 999 }, effects.labels]))).toBeInstanceOf(
    InvalidError,
  );
  expect((await rows()).map((row) => [row.kind, row.status, row.error_kind])).toEqual([
    ["review", "failed", "invalid"],
    ["comment", "failed", "gone"],
    ["labels", "done", null],
  ]);
  expect(await failure(apply([{ ...effects.comment, issue: 999 }]))).toBeInstanceOf(GoneError);
});

test("a dry run keeps a row, which a live run takes over; what is done stays done", async () => {
  const printed: string[] = [];
  const dry = createDryRunWriter({
    installationId: setting.installationId,
    store,
    print: (text) => printed.push(text),
  });
  expect(await apply([effects.comment], dry)).toMatchObject([{ status: "dry-run" }]);
  expect(await writes()).toBe(0);
  expect(await rows()).toMatchObject([{ status: "dry-run", because: "a test wants it", target: "#1/comment:triage" }]);
  expect(await apply([effects.comment])).toMatchObject([{ status: "done", change: "created" }]);
  expect(await apply([effects.comment], dry)).toMatchObject([{ status: "done", reason: "it was done before" }]);
  expect(printed).toHaveLength(1);
});
