import { afterAll, expect, test } from "vitest";
import { registryOf } from "../../src/jobs/define-job.js";
import type { JobContext } from "../../src/jobs/job.js";
import { requestSync } from "../../src/jobs/sync/request-sync.js";
import { SYNC_SCHEDULES } from "../../src/jobs/sync/schedules.js";
import { keyOfSync, SYNC_JOB, syncJob } from "../../src/jobs/sync/sync-job.js";
import { readRun } from "../../src/store/sync/runs.js";
import { withDatabase } from "../support/database.js";
import { syncSetting } from "./setting.js";

const { store } = await withDatabase();
const SMALL = { seed: 1, repositories: 1, pulls: 2, issues: 2, comments: 1, commits: 1, deployments: 0, releases: 0 };
const setting = await syncSetting(store, { generate: SMALL });
afterAll(() => setting.github.close());

const unused = (): never => {
  throw new Error("not used here");
};

function contextOf(): JobContext {
  const { options, installationId } = setting;
  return {
    store,
    clock: options.clock,
    log: options.log,
    jobId: 1n,
    installationId,
    deliveryGuid: null,
    tries: { attempt: 1, maxAttempts: 1 },
    github: unused,
    effects: unused,
    plan: unused,
    signal: new AbortController().signal,
  };
}

test("a run is never left without a job", async () => {
  const { options, installationId } = setting;
  const request = { installationId, mode: "full", subject: null, requestedBy: "a test" } as const;
  const first = await requestSync(options, request);
  // It failed, and its job waits to be tried again.
  await store.sql.query("UPDATE sync_runs SET status = 'failed', finished_at = now()");
  const second = await requestSync(options, request);
  expect([second.created, second.wakeUps]).toEqual([true, []]);

  const [row, ...others] = await store.sql.query("SELECT payload FROM jobs WHERE name = 'sync' AND status = 'waiting'");
  expect(others).toEqual([]);
  expect(row?.["payload"]).toMatchObject({ runId: String(first.run.id) });
  await registryOf([syncJob(options)])
    .get(SYNC_JOB)
    ?.run(row?.["payload"], contextOf());
  expect(await readRun(store.sql, second.run.id)).toMatchObject({ status: "completed" });

  // Asked again once its job was skipped, it gets another.
  const third = await requestSync(options, request);
  await store.sql.query("UPDATE jobs SET status = 'skipped'");
  const again = await requestSync(options, request);
  expect([again.run.id, again.wakeUps.length]).toEqual([third.run.id, 1]);
});

test("the watchdog ends a run that waits and has no job", async () => {
  const { options, installationId } = setting;
  const request = { installationId, mode: "spot", requestedBy: "a test" } as const;
  const kept = await requestSync(options, { ...request, subject: "acme/one" });
  const left = await requestSync(options, { ...request, subject: "acme/two" });
  await store.sql.query("UPDATE jobs SET status = 'skipped' WHERE key LIKE '%acme/two'");
  await store.sql.query("UPDATE sync_runs SET created_at = created_at - interval '1 hour'");
  const watchdog = SYNC_SCHEDULES.find(({ name }) => name === "sync-watchdog");
  await watchdog?.run({ ...options, wake: () => Promise.resolve() });
  expect(await readRun(store.sql, kept.run.id)).toMatchObject({ status: "waiting" });
  expect(await readRun(store.sql, left.run.id)).toMatchObject({ status: "failed", reason: "no job works on it" });
});

/** A job whose runs hang in their first call until they are let go. */
function hangingJob(runsAtOnce: number) {
  const { options, installationId } = setting;
  let go = (): void => undefined;
  const gone = new Promise<void>((resolve) => (go = resolve));
  const client = options.client(installationId);
  const slow: typeof client = {
    ...client,
    async rest(route, parameters) {
      await gone;
      return client.rest(route, parameters);
    },
  };
  return { job: syncJob({ ...options, client: () => slow, runsAtOnce }), go };
}

test("full syncs leave room for others: a short one need not wait for them", async () => {
  const { job, go } = hangingJob(2);
  const full = { installationId: Number(setting.installationId), mode: "full" };
  const first = job.run({ ...full, subject: "acme/repository-1" }, { ...contextOf(), jobId: 11n });
  const second = { ...full, subject: null };
  expect(await job.run(second, { ...contextOf(), jobId: 12n })).toMatchObject({
    status: "later",
    reason: "1 other full syncs are running",
  });
  const spot = job.run({ ...full, mode: "spot", subject: "acme/repository-1" }, { ...contextOf(), jobId: 13n });
  go();
  expect(await spot).toMatchObject({ status: "done" });
  expect(await first).toMatchObject({ status: "done" });
  expect(await job.run(second, { ...contextOf(), jobId: 12n })).toMatchObject({ status: "done" });
});

test("syncs leave slots in their queue: a further one waits without using an attempt", async () => {
  const { installationId } = setting;
  const { job, go } = hangingJob(1);
  const payload = { installationId: Number(installationId), mode: "spot", subject: "acme/repository-1" };
  const first = job.run(payload, contextOf());
  const second = await job.run({ ...payload, mode: "full", subject: null }, contextOf());
  expect(second).toMatchObject({ status: "later", reason: "1 other syncs are running" });
  go();
  expect(await first).toMatchObject({ status: "done", reason: "completed: everything was read" });
  const later = await job.run({ ...payload, mode: "full", subject: null }, { ...contextOf(), jobId: 2n });
  expect(later).toMatchObject({ status: "done" });
});

test("the key of a sync of many repositories is short, and its own", () => {
  const of = (subject: string): string => keyOfSync({ installationId: 1, mode: "full", subject, runId: null });
  const many = "acme/repository ".repeat(500);
  expect(of(many).length).toBeLessThan(200);
  expect(of(many)).not.toBe(of(`${many}acme/another`));
});
