import { z } from "zod";
import type { Outcome } from "../../domain.js";
import { type DefinedJob, defineJob } from "../define-job.js";
import { planJobs } from "../../store/jobs/plan-jobs.js";
import type { JobWakeUp } from "../../store/jobs/wake-up.js";
import { recover, type Recovered, type Recovery } from "./recover.js";

export const RECOVERY_JOB = "recovery";
const ATTEMPTS = 3;
const KEY = "app";

/** One recovery pass over the App's deliveries. One key, so that passes never overlap. */
export function recoveryJob(
  options: Omit<Recovery, "log" | "app"> & {
    /** Null without App credentials. */
    app(): Recovery["app"] | null;
  },
): DefinedJob {
  return defineJob({
    name: RECOVERY_JOB,
    queue: "health",
    payload: z.object({}),
    attempts: ATTEMPTS,
    key: () => KEY,
    async run(_payload, { log, signal }): Promise<Outcome> {
      const app = options.app();
      if (app === null) return { status: "skipped", reason: "recovery needs the credentials of the App" };
      return { status: "done", reason: told(await recover({ ...options, app, log }, signal)) };
    },
  });
}

function told({ listed, found, healed, asked, toRead, stopped, gap, leftToSync }: Recovered): string {
  const parts = [
    `${listed} attempts compared`,
    `${found} losses found`,
    `${asked} requested again`,
    `${toRead} read from the API instead`,
    `${healed} healed`,
  ];
  if (stopped !== null) parts.push(`stopped requesting: ${stopped}`);
  if (leftToSync > 0) parts.push(`${leftToSync} older than the first recovery, covered by the first sync`);
  if (gap) parts.push("a sync covers the time that GitHub no longer lists");
  return parts.join(", ");
}

/**
 * Requests a recovery now; a waiting one is reused.
 * @returns what to wake.
 */
export async function requestRecovery({
  store,
  clock,
}: Pick<Recovery, "store" | "clock">): Promise<readonly JobWakeUp[]> {
  const plan = {
    queue: "health",
    class: "live",
    name: RECOVERY_JOB,
    key: KEY,
    payload: {},
    maxAttempts: ATTEMPTS,
    delayMs: 0,
  } as const;
  const origin = { installationId: null, deliveryGuid: null, traceId: null, now: clock.now() };
  return (await planJobs(store.sql, [plan], origin)).map(({ wakeUp }) => wakeUp);
}
