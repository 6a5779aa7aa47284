import { afterEach, beforeEach } from "vitest";
import { z } from "zod";
import type { Outcome } from "../../src/domain.js";
import { defineJob, planOf, registryOf } from "../../src/jobs/define-job.js";
import type { JobContext } from "../../src/jobs/job.js";
import type { JobRunnerOptions } from "../../src/work/run-job.js";
import { createLog } from "../../src/log.js";
import { planJobs } from "../../src/store/jobs/plan-jobs.js";
import type { JobWakeUp } from "../../src/store/jobs/wake-up.js";
import type { Store } from "../../src/store/store.js";

export const NOW = new Date("2026-11-22T12:00:00.000Z");
export const inMs = (ms: number): Date => new Date(NOW.getTime() + ms);
export const never = new AbortController().signal;

type Work = (payload: { readonly pull: number }, context: JobContext) => Promise<Outcome>;
export const done: Work = () => Promise.resolve({ status: "done", reason: "reviewed" });

/** What a runner of one kind of job is given: `given.work` is what the job does, `given.now` the time. As new after each test. */
export function runnerOn(store: Store) {
  const given: { work: Work; now: Date; woken: JobWakeUp[] } = { work: done, now: NOW, woken: [] };
  let tokens = 0;

  const review = defineJob({
    name: "review",
    queue: "agents",
    payload: z.object({ pull: z.int() }),
    attempts: 3,
    key: ({ pull }) => `pull:${pull}`,
    run: (payload, context) => given.work(payload, context),
  });

  const registry = registryOf([review]);

  function options(more: Partial<JobRunnerOptions> = {}): JobRunnerOptions {
    const unused = (): never => {
      throw new Error("not used here");
    };
    return {
      store,
      reader: unused,
      writer: unused,
      clock: { now: () => given.now },
      log: createLog({ level: "silent" }),
      registry,
      wake: (wakeUps) => {
        given.woken.push(...wakeUps);
        return Promise.resolve();
      },
      random: () => 0,
      token: () => `token-${++tokens}`,
      leaseMs: 60_000,
      ...more,
    };
  }

  async function plan(pull: number, installationId: bigint | null = 7n): Promise<bigint> {
    const request = planOf(registry, { name: "review", payload: { pull } });
    const [job] = await planJobs(store.sql, [request], {
      installationId,
      deliveryGuid: "g",
      traceId: null,
      now: given.now,
    });
    if (!job) throw new Error("nothing planned");
    return job.id;
  }

  async function rowOf(id: bigint): Promise<Record<string, unknown>> {
    const [row] = await store.sql.query("SELECT * FROM jobs WHERE id = $1", [id]);
    return row ?? {};
  }

  beforeEach(async () => {
    await store.sql.query("TRUNCATE jobs, installations, repositories RESTART IDENTITY");
  });

  afterEach(() => {
    given.work = done;
    given.now = NOW;
    given.woken = [];
  });

  return { given, options, plan, rowOf };
}

export const fail = (failure: unknown) => (): Promise<Outcome> => Promise.reject(failure);
