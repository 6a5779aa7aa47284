import { z } from "zod";
import type { Outcome } from "../domain.js";
import { InvalidError } from "../errors.js";
import { id } from "../facts/scalars.js";
import { resumeBlocked } from "../effects/resume.js";
import { installationsWithBlocked } from "../store/effects/ledger.js";
import { resumeWrites, type SwitchScope } from "../store/effects/switch.js";
import { planJobs } from "../store/jobs/plan-jobs.js";
import type { Store } from "../store/store.js";
import { defineAppJob, planOf, registryOf } from "./define-job.js";

/** Does what was decided while writes were paused, or the repository was denied. */
export const resumeWritesJob = defineAppJob({
  name: "resume-writes",
  queue: "agents",
  payload: z.object({ installationId: id }),
  attempts: 8,
  key: ({ installationId }) => String(installationId),
  async run({ installationId }, { store, effects, jobId, deliveryGuid }): Promise<Outcome> {
    const results = await resumeBlocked(store, BigInt(installationId), effects(), { jobId, deliveryGuid });
    const blocked = results.filter(({ status }) => status === "blocked");
    const looked = `${results.length} effects that had waited were looked at`;
    const [first] = blocked;
    if (!first) return { status: "done", reason: looked };
    const reason = `${looked}; ${blocked.length} wait: ${first.reason ?? "writes are paused"}`;
    return { status: blocked.length === results.length ? "skipped" : "done", reason };
  },
});

/**
 * Allows writes again and plans the work that was blocked, in one transaction: a sweeper of a running server wakes it.
 * @returns how many effects wait, by installation.
 * @throws InvalidError when there is no such installation.
 */
export function allowWrites(store: Store, scope: SwitchScope, now: Date): Promise<ReadonlyMap<bigint, number>> {
  const registry = registryOf([resumeWritesJob]);
  return store.transaction(async (sql) => {
    if (!(await resumeWrites(sql, scope))) throw new InvalidError(`there is no installation ${scope}`);
    const waiting = await installationsWithBlocked(sql, scope === "everywhere" ? null : scope);
    for (const installationId of waiting.keys()) {
      const request = { name: resumeWritesJob.name, payload: { installationId: Number(installationId) } };
      await planJobs(sql, [planOf(registry, request)], { installationId, deliveryGuid: null, traceId: null, now });
    }
    return waiting;
  });
}
