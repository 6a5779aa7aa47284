import { beforeEach } from "vitest";
import { claimJob } from "../../src/store/jobs/claim-job.js";
import { type JobPlan, planJobs } from "../../src/store/jobs/plan-jobs.js";
import type { Store } from "../../src/store/store.js";

export const NOW = new Date("2026-11-22T12:00:00.000Z");

export const later = (ms: number): Date => new Date(NOW.getTime() + ms);

export const LEASE = 60_000;

export const plan = (key: string, more: Partial<JobPlan> = {}): JobPlan => ({
  queue: "agents",
  name: "review",
  key,
  payload: { pull: 1 },
  maxAttempts: 3,
  delayMs: 0,
  ...more,
});

export const origin = { installationId: 7n, deliveryGuid: "guid", traceId: null, now: NOW };

/** The jobs of this store: none before each test. */
export function jobsOf({ sql }: Store) {
  beforeEach(async () => {
    await sql.query("TRUNCATE jobs, installations RESTART IDENTITY");
  });

  /** One waiting row. */
  async function planned(key: string, more: Partial<JobPlan> = {}): Promise<bigint> {
    const [job] = await planJobs(sql, [plan(key, more)], origin);
    if (!job) throw new Error("nothing planned");
    return job.id;
  }

  const claim = (id: bigint, token: string, now = NOW) => claimJob(sql, { id, token, now, leaseMs: LEASE });

  async function rowOf(id: bigint): Promise<Record<string, unknown>> {
    const [row] = await sql.query("SELECT * FROM jobs WHERE id = $1", [id]);
    return row ?? {};
  }

  return { planned, claim, rowOf };
}
