import { InvalidError } from "../errors.js";
import { resumeWritesJob } from "../runs/resume-writes.js";
import { installationsWithBlocked } from "../store/effects/ledger.js";
import { resumeWrites, type SwitchScope } from "../store/effects/switch.js";
import { planJobs } from "../store/jobs/plan-jobs.js";
import type { Store } from "../store/store.js";
import { planOf, registryOf } from "./define-job.js";

/**
 * Allows writes again and plans the blocked effects, in one transaction. The sweep of a running server wakes the job.
 * @returns how many effects wait, by installation.
 * @throws InvalidError when the installation does not exist.
 */
export function allowWrites(store: Store, scope: SwitchScope, now: Date): Promise<ReadonlyMap<bigint, number>> {
  const registry = registryOf([resumeWritesJob([])]);
  return store.transaction(async (sql) => {
    if (!(await resumeWrites(sql, scope))) throw new InvalidError(`no installation has the id ${scope}`);
    const waiting = await installationsWithBlocked(sql, scope === "everywhere" ? null : scope);
    for (const installationId of waiting.keys()) {
      const request = { name: "resume-writes", payload: { installationId: Number(installationId) } };
      await planJobs(sql, [planOf(registry, request)], { installationId, deliveryGuid: null, traceId: null, now });
    }
    return waiting;
  });
}
