import type { AlertPolicy } from "../../health/alerts/policy.js";
import { alertOf, type HealthScope, incidentFrom } from "../../health/incident-of.js";
import type { Reading } from "../../health/reading.js";
import { settle } from "../../health/settle.js";
import { raiseAlert } from "../../store/alerts/raise-alert.js";
import { resolveAlert } from "../../store/alerts/resolve-alert.js";
import { lockStandings, storeStanding } from "../../store/health/standings.js";
import type { Store } from "../../store/store.js";

export interface Settling {
  readonly store: Pick<Store, "transaction">;
  readonly policy: AlertPolicy;
}

/**
 * Stores the readings of one scope and the changes of the app's own alerts, in one transaction. Alerts of installations
 * are judged together, after all have been read.
 * @returns how many checks changed their state.
 */
export function settleScope(
  { store, policy }: Settling,
  scope: HealthScope,
  readings: readonly Reading[],
  now: Date,
): Promise<number> {
  return store.transaction(async (sql) => {
    const before = await lockStandings(sql, scope.installationId);
    let changed = 0;
    for (const reading of readings) {
      const settled = settle(before.get(reading.check) ?? null, reading, now);
      await storeStanding(sql, scope.installationId, reading.check, settled.standing);
      if (settled.transition !== null) changed += 1;
      if (scope.installationId !== null) continue;
      const alert = alertOf(scope, reading.check, settled);
      if (alert?.kind === "resolve") await resolveAlert(sql, alert.key, alert.reason, now);
      // Repeated messages show the latest reading.
      if (settled.standing.level.alert)
        await raiseAlert(sql, incidentFrom(scope, reading.check, settled.standing), now, policy);
    }
    return changed;
  });
}
