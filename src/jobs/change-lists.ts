import { installationsWithBlocked } from "../store/effects/ledger.js";
import { planJobs } from "../store/jobs/plan-jobs.js";
import { accessibleRepositories } from "../store/repositories/find-repository.js";
import type { Store } from "../store/store.js";
import { deniedReason } from "../store/tenants/denied-reason.js";
import { changeRepositoryList, type ListChange, type RepositoryLists } from "../store/tenants/repository-lists.js";
import { planOf, registryOf } from "./define-job.js";
import { catchUpJob } from "../runs/code-review/catch-up-job.js";
import { resumeWritesJob } from "../runs/resume-writes.js";
import { planOfSync } from "./sync/request-sync.js";

/** The lists after the change, and the stored repositories that are no longer excluded, by name. */
export interface ChangedLists {
  readonly lists: RepositoryLists;
  readonly letIn: readonly string[];
}

/**
 * Changes a list and, in one transaction, plans the work that was skipped while repositories were excluded: a sync,
 * reviews of open pull requests, blocked effects. The sweep of a running server wakes the jobs. A repository that was
 * never stored is found by the next sync. Null: the installation does not exist.
 */
export function changeLists(
  store: Store,
  before: RepositoryLists,
  change: ListChange,
  now: Date,
): Promise<ChangedLists | null> {
  const { id: installationId } = before;
  const registry = registryOf([catchUpJob, resumeWritesJob([])]);
  return store.transaction(async (sql) => {
    const lists = await changeRepositoryList(sql, installationId, change);
    if (!lists) return null;
    const seen = await accessibleRepositories(sql, installationId);
    const letIn = seen.filter(
      ({ full_name }) => deniedReason(full_name, before) !== null && deniedReason(full_name, lists) === null,
    );
    const names = letIn.map(({ full_name }) => full_name);
    if (letIn.length === 0) return { lists, letIn: names };
    const tenant = { installationId: Number(installationId) };
    const blocked = await installationsWithBlocked(sql, installationId);
    const plans = [
      planOfSync({ ...tenant, mode: "full", subject: names.join(" "), runId: null }),
      planOf(registry, { name: catchUpJob.name, payload: { ...tenant, repositories: letIn.map(({ id }) => id) } }),
      ...(blocked.size > 0 ? [planOf(registry, { name: "resume-writes", payload: tenant })] : []),
    ];
    await planJobs(sql, plans, { installationId, deliveryGuid: null, traceId: null, now });
    return { lists, letIn: names };
  });
}
