import { installationAlerts } from "../../health/alerts/installation-alerts.js";
import type { AlertPolicy } from "../../health/alerts/policy.js";
import { openAlerts } from "../../store/alerts/list-alerts.js";
import { raiseAlert } from "../../store/alerts/raise-alert.js";
import { resolveAlert } from "../../store/alerts/resolve-alert.js";
import { readChecks } from "../../store/health/standings.js";
import type { Sql } from "../../store/store.js";

/** Raises and resolves the alerts of all installations by their stored checks. Can be repeated. */
export async function settleAlerts(sql: Sql, policy: AlertPolicy, now: Date): Promise<void> {
  const open = await openAlerts(sql);
  const { raise, resolve } = installationAlerts(await readChecks(sql), new Set(open.map(({ key }) => key)));
  for (const incident of raise) await raiseAlert(sql, incident, now, policy);
  for (const { key, reason } of resolve) await resolveAlert(sql, key, reason, now);
}
