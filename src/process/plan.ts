import type { JobRequest } from "../domain.js";
import { type JobRegistry, planOf } from "../jobs/define-job.js";
import type { JobPlan } from "../store/jobs/plan-jobs.js";

/** The jobs that a delivery plans, and the reason if it plans none. */
export interface Plan {
  readonly jobs: readonly JobPlan[];
  readonly reason: string | null;
}

export interface Wishes {
  /** The event and its action, as people say it: `pull_request.opened`. */
  readonly event: string;
  /** The jobs that the handler requests. */
  readonly work: readonly JobRequest[];
  /** Why the handler's jobs are not planned; null: they are planned. */
  readonly skip: string | null;
  /** Reads of GitHub that complete the rows. They are planned in any case. */
  readonly reads: readonly JobRequest[];
}

/** Plans the registered jobs, and gives the reason if none remains. */
export function planWork(registry: JobRegistry, { event, work, skip, reads }: Wishes): Plan {
  const wanted = skip === null ? work : [];
  const known = (request: JobRequest) => registry.has(request.name);
  return {
    jobs: [...wanted, ...reads].filter(known).map((request) => planOf(registry, request)),
    reason: skip ?? silence(event, wanted, wanted.filter(known).length),
  };
}

function silence(event: string, wanted: readonly JobRequest[], registered: number): string | null {
  if (wanted.length === 0) return `${event} requires no work`;
  return registered === 0 ? `no agent is registered for ${event}` : null;
}

/** The jobs that choose their own deliveries (agents), for this delivery. */
export function triggeredBy(
  registry: JobRegistry,
  { name, payload }: { readonly name: string; readonly payload: unknown },
): readonly JobRequest[] {
  return [...registry.values()].flatMap((job) => job.triggered?.(name, payload) ?? []);
}
