import type { JobRequest } from "../domain.js";
import { type JobRegistry, planOf } from "../jobs/define-job.js";
import type { JobPlan } from "../store/jobs/plan-jobs.js";

/** The work that a delivery leads to, and why there is no other. */
export interface Plan {
  readonly jobs: readonly JobPlan[];
  readonly reason: string | null;
}

export interface Wishes {
  /** The event and its action, as people say it: `pull_request.opened`. */
  readonly event: string;
  /** What its handler asks for. */
  readonly work: readonly JobRequest[];
  /** Why the handler's wishes are not followed; null: they are. */
  readonly skip: string | null;
  /** Reads of GitHub that complete the rows; they are planned whatever the handler says. */
  readonly reads: readonly JobRequest[];
}

/** Plans what is registered, and states why for the rest. */
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

/** What the jobs that choose their own deliveries make of this one. */
export function triggeredBy(
  registry: JobRegistry,
  { name, payload }: { readonly name: string; readonly payload: unknown },
): readonly JobRequest[] {
  return [...registry.values()].flatMap((job) => job.triggered?.(name, payload) ?? []);
}
