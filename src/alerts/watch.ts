import type { Clock } from "../domain.js";
import { foldMany } from "../health/alerts/fold-many.js";
import { incidentsOf, REPEATED, WATCHED } from "../health/alerts/incidents-of.js";
import type { Incident } from "../health/alerts/incident.js";
import type { AlertPolicy } from "../health/alerts/policy.js";
import { type LookBack, readFindings } from "../store/alerts/findings.js";
import { openAlerts } from "../store/alerts/list-alerts.js";
import { raiseAlert } from "../store/alerts/raise-alert.js";
import { lapseAlert, resolveAlert } from "../store/alerts/resolve-alert.js";
import type { Store } from "../store/store.js";

export interface WatchOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly policy: AlertPolicy;
  /** GitHub's web address. */
  readonly serverUrl: string;
}

/**
 * Opens an incident for each problem in the tables, and resolves its own incidents whose problem has ended. An incident
 * that is only too old to watch has not recovered, and lapses instead.
 */
export async function watchForIncidents(options: WatchOptions): Promise<void> {
  const { store, clock, policy, serverUrl } = options;
  const now = clock.now();
  const open = await openAlerts(store.sql);
  const openKeys = keysOf(open);
  const look = async (back: LookBack): Promise<readonly Incident[]> =>
    foldMany(incidentsOf(await readFindings(store.sql, now, REPEATED, back), serverUrl), openKeys);
  const incidents = await look("lately");
  const wrong = keysOf(incidents);
  for (const incident of incidents) await raiseAlert(store.sql, incident, now, policy);
  const gone = open.filter(({ key }) => key.startsWith(WATCHED) && !wrong.has(key));
  if (gone.length === 0) return;
  const stillFailing = keysOf(await look("ever"));
  for (const { key } of gone)
    await (stillFailing.has(key)
      ? lapseAlert(store.sql, key, "The problem did not occur for a day or longer, but its cause may still exist", now)
      : resolveAlert(store.sql, key, "The problem no longer occurs", now));
}

function keysOf(incidents: readonly Pick<Incident, "key">[]): ReadonlySet<string> {
  return new Set(incidents.map(({ key }) => key));
}
