import type { LockScope } from "../../agents/deployment/lock.js";
import type { JobContext } from "../../jobs/job.js";
import { LONGEST_WAIT_MS, waitingJobs } from "../../store/deployments/waiting.js";

export const PROTECTION_JOB = "deployment-protection";

/** Asks the gates again about every job that waits where a lock has changed: at once, whatever it waited for. */
export async function askAgain(
  context: JobContext,
  on: { readonly installationId: bigint; readonly repositoryId: bigint },
  scope: LockScope,
): Promise<void> {
  const { store, clock } = context;
  const { installationId } = on;
  const repositoryId = scope.of === "service" ? null : on.repositoryId;
  const since = new Date(clock.now().getTime() - LONGEST_WAIT_MS);
  const payloads = await waitingJobs(store.sql, { installationId, repositoryId }, since);
  if (payloads.length === 0) return;
  await context.plan(payloads.map((payload) => ({ name: PROTECTION_JOB, payload: { ...payload, asked: true } })));
}
