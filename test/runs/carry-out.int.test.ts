import { beforeEach, expect, test } from "vitest";
import type { Effect } from "../../src/effects/effect.js";
import { InvalidError, NetworkError } from "../../src/errors.js";
import { intentOf } from "../../src/effects/intent.js";
import type { EffectWriter } from "../../src/effects/writer.js";
import type { JobContext } from "../../src/jobs/job.js";
import { carryOut, type RunOwner } from "../../src/runs/carry-out.js";
import { endReview } from "../../src/runs/code-review/rows.js";
import { headOf } from "../../src/store/reviews/pull-request.js";
import { createLog } from "../../src/log.js";
import { decideFindings } from "../../src/store/reviews/findings.js";
import { insertRun } from "../../src/store/reviews/runs.js";
import { writeDecision } from "../../src/runs/stored-decision.js";
import { parseJson } from "../../src/unchecked.js";
import { withDatabase } from "../support/database.js";

const { store } = await withDatabase();
const { sql } = store;
const now = new Date("2026-01-02T03:04:05Z");
const scope = { installationId: 1n, repositoryId: 2n, number: 3 };
const about = { ...scope, agent: "code-review", subject: "pull_request:3" };
const repository = { id: 2n, owner: "acme", name: "app" };
const base = { repository, occasion: "aaa", reason: "a test" };
const review: Effect = { kind: "review", ...base, issue: 3, headSha: "aaa", body: "one", comments: [] };
const ask: Effect = { kind: "request-reviewers", ...base, issue: 3, users: ["ann"], teams: [] };

beforeEach(async () => {
  await sql.query("TRUNCATE pull_requests, agent_runs, findings, effects");
  await sql.query(
    `INSERT INTO pull_requests (id, installation_id, repository_id, number, title, state, head_ref, head_sha, base_ref, base_sha,
       created_at, updated_at, core_updated_at, content_hash)
     VALUES (9, 1, 2, 3, 'x', 'open', 'h', 'aaa', 'main', 'b', $1, $1, $1, '')`,
    [now],
  );
});

/** An attempt after which another may follow, long enough after the delivery that GitHub shows every commit. */
const LATE = { attempt: 5, maxAttempts: 8 };

const contextWith = (apply: (effect: Effect) => void, tries: JobContext["tries"] = LATE): JobContext => {
  const written = { intent: "", status: "done", change: "created", githubId: null, url: null, reason: null } as const;
  const writer: EffectWriter = {
    apply: (effects) => {
      for (const effect of effects) apply(effect);
      return Promise.resolve(effects.map((effect) => ({ effect, ...written })));
    },
  };
  return {
    jobId: 1n,
    installationId: 1n,
    deliveryGuid: null,
    tries,
    store,
    github: () => {
      throw new InvalidError("nothing is read here");
    },
    effects: () => writer,
    plan: () => Promise.resolve(),
    clock: { now: () => now },
    log: createLog({ level: "silent" }),
    signal: new AbortController().signal,
  };
};

/** The code review, with its own rows. */
const owner: RunOwner = {
  async stillHolds({ headSha }) {
    const head = await headOf(sql, 1n, 2n, 3);
    return head === headSha ? null : `the head moved to ${head ?? "nothing"}`;
  },
  ended: endReview,
};

async function decided(effects: readonly Effect[] = [review, ask]) {
  const run = {
    ...about,
    headSha: "aaa",
    jobId: null,
    deliveryGuid: null,
    trigger: "pull request",
    status: "decided" as const,
    skipped: null,
    reason: "Reviewed.",
    shadow: false,
    input: {},
    decision: "{}",
    requests: 0,
    durationMs: 0,
    now,
  };
  const id = await insertRun(sql, run);
  const found = { fingerprint: "f", rule: "secret", severity: "failure", source: "rule", path: null, line: null };
  await decideFindings(sql, { ...scope, shadow: false }, id, [{ ...found, endLine: null, says: "x" }], now);
  return {
    id,
    ...about,
    headSha: "aaa",
    reason: "Reviewed.",
    shadow: false,
    decision: parseJson(writeDecision({ effects, leftOut: [], notes: [] }, { fixed: [] })),
  };
}

const states = async () => [
  (await sql.query("SELECT status FROM agent_runs"))[0]?.["status"],
  (await sql.query("SELECT state FROM findings"))[0]?.["state"],
];

test("applies a decision, and marks its findings as posted", async () => {
  const done: string[] = [];
  const run = await decided();
  await carryOut(
    owner,
    run,
    contextWith(({ kind }) => done.push(kind)),
  );
  expect(done).toEqual(["review", "request-reviewers"]);
  expect(await states()).toEqual(["done", "open"]);
});

test("a head that has moved before anything was written abandons the run, and its findings are new again", async () => {
  const run = await decided();
  await sql.query("UPDATE pull_requests SET head_sha = 'bbb'");
  const done: string[] = [];
  expect(
    await carryOut(
      owner,
      run,
      contextWith(({ kind }) => done.push(kind)),
    ),
  ).toEqual({
    status: "abandoned",
    reason: "abandoned: the head moved to bbb before anything was written",
  });
  expect(done).toEqual([]);
  expect(await states()).toEqual(["abandoned", undefined]);
});

test("finishes effects that had begun when the head moved", async () => {
  const run = await decided();
  await sql.query(
    `INSERT INTO effects (installation_id, repository_id, intent, kind, target, request, reason, status)
     VALUES (1, 2, $1, 'review', 'x', '{}', 'x', 'intended')`,
    [intentOf(review)],
  );
  await sql.query("UPDATE pull_requests SET head_sha = 'bbb'");
  expect(
    await carryOut(
      owner,
      run,
      contextWith(() => undefined),
    ),
  ).toMatchObject({ status: "done" });
  expect(await states()).toEqual(["done", "open"]);
});

test("an effect that GitHub refuses for good is noted, and the others are done", async () => {
  const run = await decided();
  const refuse = ({ kind }: Effect) => {
    if (kind === "request-reviewers") throw new InvalidError("ann is no collaborator");
  };
  expect(await carryOut(owner, run, contextWith(refuse))).toMatchObject({
    reason: "Reviewed.; request-reviewers was refused: ann is no collaborator",
  });
  expect(await states()).toEqual(["done", "open"]);
});

test.each<[string, readonly Effect[], string]>([
  ["GitHub refuses", [review, ask], "Reviewed.; review was refused: a comment is too long"],
  ["may not be given", [ask], "Reviewed."],
])("does not mark the findings of a review that %s as posted", async (_name, effects, reason) => {
  const run = await decided(effects);
  const refuse = ({ kind }: Effect) => {
    if (kind === "review") throw new InvalidError("a comment is too long");
  };
  expect(await carryOut(owner, run, contextWith(refuse))).toMatchObject({ reason });
  expect(await states()).toEqual(["done", undefined]);
});

test("a temporary failure leaves the run decided, to be retried", async () => {
  const run = await decided();
  const fail = () => {
    throw new NetworkError("no answer");
  };
  await expect(carryOut(owner, run, contextWith(fail))).rejects.toThrow("no answer");
  expect(await states()).toEqual(["decided", "decided"]);
});

test("a commit that GitHub may not show yet is tried again", async () => {
  const run = await decided();
  const refuse = () => {
    throw new InvalidError("no commit found for the SHA");
  };
  const attempt = carryOut(owner, run, contextWith(refuse, { attempt: 1, maxAttempts: 8 }));
  await expect(attempt).rejects.toBeInstanceOf(NetworkError);
  expect(await states()).toEqual(["decided", "decided"]);
});

test("the last attempt ends the run, and notes the failures", async () => {
  const run = await decided();
  const fail = () => {
    throw new NetworkError("no answer");
  };
  const ended = await carryOut(owner, run, contextWith(fail, { attempt: 8, maxAttempts: 8 }));
  expect(ended.status).toBe("done");
  expect(ended.reason).toContain("review failed 8 times: no answer");
});
