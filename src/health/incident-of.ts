import type { Incident } from "./alerts/incident.js";
import type { CheckName } from "./reading.js";
import type { Settled } from "./settle.js";

/** Whose health it is. */
export interface HealthScope {
  /** Null: the app's own. */
  readonly installationId: bigint | null;
  readonly account: string | null;
}

export function incidentKey({ installationId }: HealthScope, check: CheckName): string {
  return `health/${installationId ?? "app"}/${check}`;
}

/** What a transition means for alerts: raise one, resolve the one that is open, or nothing. */
export type AlertChange =
  | { readonly kind: "raise"; readonly incident: Incident }
  | { readonly kind: "resolve"; readonly key: string; readonly because: string };

export function alertOf(scope: HealthScope, check: CheckName, { standing, transition }: Settled): AlertChange | null {
  if (transition === null) return null;
  const key = incidentKey(scope, check);
  if (!transition.to.alert)
    return transition.from.alert ? { kind: "resolve", key, because: `${check}: ${standing.reason}` } : null;
  const where = scope.account === null ? "" : ` for ${scope.account}`;
  return {
    kind: "raise",
    incident: {
      key,
      kind: kindOf(check),
      severity: transition.to.state === "unhealthy" ? "critical" : "warning",
      installationId: scope.installationId,
      title: `${check} is ${transition.to.state}${where}`,
      detail: standing.reason,
      remedy: standing.remedy ?? "",
    },
  };
}

function kindOf(check: CheckName): Incident["kind"] {
  if (check === "authentication") return "authentication";
  if (check === "quota") return "rate-limit";
  return check === "drift" ? "delivery-loss" : "health";
}
