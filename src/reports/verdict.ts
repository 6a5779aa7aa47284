import type { HealthReport } from "../health/report.js";
import type { Alert } from "../store/alerts/alert-row.js";
import type { Totals } from "./overview.js";

/** One problem and its remedy. */
export interface Trouble {
  readonly severity: "bad" | "warn";
  readonly what: string;
  readonly detail: string;
  readonly remedy: string;
  readonly href: string;
}

const severityOf = (state: string): Trouble["severity"] =>
  state === "unhealthy" || state === "critical" ? "bad" : "warn";

/** All problems, the worst first; empty: everything works. */
export function troublesOf({
  health,
  alerts,
  totals,
  operator,
}: {
  readonly health: HealthReport;
  readonly alerts: readonly Alert[];
  readonly totals: Totals;
  /** The app's own checks concern only the operator; other viewers are not told that they are stale. */
  readonly operator: boolean;
}): readonly Trouble[] {
  const checks = [
    ...health.app.map((check) => ({ of: "The app", ...check })),
    ...health.installations.flatMap(({ account, id, checks: all }) =>
      all.map((check) => ({ of: account ?? `Installation ${id}`, ...check })),
    ),
  ];
  const troubles: Trouble[] = [
    ...(operator && health.stale !== null
      ? [
          {
            severity: "bad" as const,
            what: "Health is not being checked",
            detail: health.stale,
            remedy: "Start a worker (ROLE=all or ROLE=worker).",
            href: "/operations#health",
          },
        ]
      : []),
    ...health.writesPaused.map(({ account, reason }) => ({
      severity: "warn" as const,
      what: `Writes to GitHub are paused${account === null ? "" : ` for ${account}`}`,
      detail: reason ?? "No reason was given.",
      remedy: "Run 'companyos-github writes resume'.",
      href: "/operations#health",
    })),
    ...alerts.map(({ severity, title, detail, remedy }) => ({
      severity: severityOf(severity),
      what: title,
      detail,
      remedy,
      href: "/operations#alerts",
    })),
    ...checks
      .filter(({ state }) => state !== "healthy")
      .map(({ of, check, state, reason, remedy }) => ({
        severity: severityOf(state),
        what: `${of}: ${check.replaceAll("-", " ")} is ${state}`,
        detail: reason,
        remedy: remedy ?? "See the log of the workers.",
        href: "/operations#health",
      })),
    ...(totals.failed + totals.failed_jobs > 0
      ? [
          {
            severity: "warn" as const,
            what: `${totals.failed} deliveries and ${totals.failed_jobs} jobs failed`,
            detail: "They used up their attempts.",
            remedy: "Read the reasons, then retry them on the Activity page.",
            href: totals.failed > 0 ? "/activity?status=failed" : "/operations#dead-letters",
          },
        ]
      : []),
    ...(totals.blocked > 0 && health.writesPaused.length === 0
      ? [
          {
            severity: "warn" as const,
            what: `${totals.blocked} effects are blocked`,
            detail: "They wait for writes to be allowed.",
            remedy: "Run 'companyos-github writes resume'.",
            href: "/operations#health",
          },
        ]
      : []),
  ];
  return troubles.sort((a, b) => Number(b.severity === "bad") - Number(a.severity === "bad"));
}
