import { z } from "zod";
import type { Clock, Outcome } from "../../domain.js";
import type { GitHubClient } from "../../github/client.js";
import { planJobs } from "../../store/jobs/plan-jobs.js";
import type { JobWakeUp } from "../../store/jobs/wake-up.js";
import type { Store } from "../../store/store.js";
import { type DefinedJob, defineJob } from "../define-job.js";
import { type HealthPass, healthPass } from "./pass.js";

export const HEALTH_JOB = "health";
const KEY = "pass";
const ATTEMPTS = 2;

/** One pass of all health checks. One key, so that passes never overlap. */
export function healthJob(
  options: Omit<HealthPass, "app"> & {
    /** Null without App credentials. */
    app(): GitHubClient | null;
  },
): DefinedJob {
  return defineJob({
    name: HEALTH_JOB,
    queue: "health",
    payload: z.object({}),
    attempts: ATTEMPTS,
    key: () => KEY,
    async run(_payload, { signal }): Promise<Outcome> {
      const app = options.app();
      if (app === null) return { status: "skipped", reason: "health checks need the credentials of the App" };
      const { installations, changed } = await healthPass({ ...options, app }, signal);
      return { status: "done", reason: `${installations} installations checked, ${changed} checks changed` };
    },
  });
}

/**
 * Requests a pass now; a waiting one is reused.
 * @returns what to wake.
 */
export async function requestHealthPass({
  store,
  clock,
}: {
  readonly store: Store;
  readonly clock: Clock;
}): Promise<readonly JobWakeUp[]> {
  const plan = {
    queue: "health",
    class: "live",
    name: HEALTH_JOB,
    key: KEY,
    payload: {},
    maxAttempts: ATTEMPTS,
    delayMs: 0,
  } as const;
  const origin = { installationId: null, deliveryGuid: null, traceId: null, now: clock.now() };
  return (await planJobs(store.sql, [plan], origin)).map(({ wakeUp }) => wakeUp);
}
