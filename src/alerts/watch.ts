import type { Clock } from "../domain.js";
import { incidentsOf, REPEATED, WATCHED } from "../health/alerts/incidents-of.js";
import type { AlertPolicy } from "../health/alerts/policy.js";
import { readFindings } from "../store/alerts/findings.js";
import { openAlerts } from "../store/alerts/list-alerts.js";
import { raiseAlert } from "../store/alerts/raise-alert.js";
import { resolveAlert } from "../store/alerts/resolve-alert.js";
import type { Store } from "../store/store.js";

export interface WatchOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly policy: AlertPolicy;
  /** GitHub's web address. */
  readonly serverUrl: string;
}

/** Raises what the tables say is wrong, and resolves what it raised before and is wrong no more. */
export async function watchForIncidents(options: WatchOptions): Promise<void> {
  const { store, clock, policy, serverUrl } = options;
  const now = clock.now();
  const incidents = incidentsOf(await readFindings(store.sql, now, REPEATED), serverUrl);
  const wrong = new Set(incidents.map(({ key }) => key));
  for (const incident of incidents) await raiseAlert(store.sql, incident, now, policy);
  for (const { key } of await openAlerts(store.sql))
    if (key.startsWith(WATCHED) && !wrong.has(key)) await resolveAlert(store.sql, key, "It is not seen any more", now);
}
