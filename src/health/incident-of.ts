import type { Incident } from "./alerts/incident.js";
import type { CheckName } from "./reading.js";
import type { Settled, Standing } from "./settle.js";

/** The scope of a health check. */
export interface HealthScope {
  /** Null: the app's own. */
  readonly installationId: bigint | null;
  readonly account: string | null;
}

export function incidentKey({ installationId }: Pick<HealthScope, "installationId">, check: CheckName): string {
  return `health/${installationId ?? "app"}/${check}`;
}

/** The effect of a state change on alerts: raise one, resolve the open one, or none. */
export type AlertChange =
  | { readonly kind: "raise"; readonly incident: Incident }
  | { readonly kind: "resolve"; readonly key: string; readonly reason: string };

export function alertOf(scope: HealthScope, check: CheckName, { standing, transition }: Settled): AlertChange | null {
  if (transition === null) return null;
  if (transition.to.alert) return { kind: "raise", incident: incidentFrom(scope, check, standing) };
  if (!transition.from.alert) return null;
  return { kind: "resolve", key: incidentKey(scope, check), reason: `${check}: ${standing.reason}` };
}

/** The incident of a failing check. */
export function incidentFrom(
  scope: HealthScope,
  check: CheckName,
  { level, reason, remedy }: Pick<Standing, "level" | "reason" | "remedy">,
): Incident {
  const where = scope.account === null ? "" : ` for ${scope.account}`;
  return {
    key: incidentKey(scope, check),
    kind: kindOf(check),
    severity: level.state === "unhealthy" ? "critical" : "warning",
    installationId: scope.installationId,
    title: `${check} is ${level.state}${where}`,
    detail: reason,
    remedy: remedy ?? "",
  };
}

function kindOf(check: CheckName): Incident["kind"] {
  if (check === "authentication") return "authentication";
  if (check === "quota") return "rate-limit";
  if (check === "secrets") return "expiring-secret";
  return check === "drift" ? "delivery-loss" : "health";
}
