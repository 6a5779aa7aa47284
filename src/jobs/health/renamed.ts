import { planJobs } from "../../store/jobs/plan-jobs.js";
import type { KnownInstallation } from "../../store/health/own-facts.js";
import { access } from "../access.js";
import { planOf, registryOf } from "../define-job.js";
import type { HealthPass } from "./pass.js";
import type { AppFacts } from "./read-app.js";

/**
 * Plans a new read of installations whose account's login has changed. GitHub reports a rename only to Apps with the
 * event `installation_target`, and all requests use the login. The sweep wakes the jobs.
 */
export async function planRenamed(
  { store, clock }: Pick<HealthPass, "store" | "clock">,
  { installations: listed }: AppFacts,
  known: readonly KnownInstallation[],
): Promise<void> {
  if (!listed.ok) return;
  const renamed = known.filter(({ id, account_login: stored }) => {
    const account = listed.value.get(id)?.account ?? null;
    return account !== null && account !== stored;
  });
  const registry = registryOf([access]);
  for (const { id: installationId } of renamed) {
    const plan = planOf(registry, { name: access.name, payload: { installationId: Number(installationId) } });
    const origin = { installationId, deliveryGuid: null, traceId: null, now: clock.now() };
    await store.transaction((sql) => planJobs(sql, [plan], origin));
  }
}
