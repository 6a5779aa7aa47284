import type { Judged } from "./judge.js";
import type { DoraCourse, DoraReport } from "./report.js";
import type { Unit } from "./figures.js";

/** The figures as JSON: times in ISO 8601, durations in seconds. */
export function shapeOf({ courses }: DoraReport) {
  return {
    courses: courses.map(({ service, environment, production, total, periods }) => ({
      service,
      environment,
      production,
      total: figuresShape(total),
      periods: periods.map(({ from, to, figures }) => ({
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        ...figuresShape(figures),
      })),
    })),
  };
}

function figuresShape({ leadTime, deployments, recoveryTime, failRate, reworkRate, successRate }: DoraCourse["total"]) {
  const seconds = (ms: number | null): number | null => (ms === null ? null : Math.round(ms / 1000));
  return {
    deployments,
    leadTime: {
      medianSeconds: seconds(leadTime.median),
      p90Seconds: seconds(leadTime.p90),
      samples: leadTime.samples,
      unknown: { ...leadTime.unknown },
    },
    recoveryTime: {
      medianSeconds: seconds(recoveryTime.median),
      p90Seconds: seconds(recoveryTime.p90),
      samples: recoveryTime.samples,
      open: recoveryTime.open,
    },
    failRate: { failed: failRate.part, of: failRate.of, undecided: failRate.undecided },
    reworkRate: { rework: reworkRate.part, of: reworkRate.of },
    successRate: { succeeded: successRate.part, of: successRate.of, unfinished: successRate.unfinished },
  };
}

export type FiguresShape = ReturnType<typeof figuresShape>;

/** The receipt of one deployment: the data of its figures. */
export function receiptOf(judged: Judged, repositories: DoraReport["repositories"], deliveries: readonly string[]) {
  const { attempt, sha, arrivals, unknown, failure, rework, direction } = judged;
  const [first] = attempt.rows;
  return {
    deployments: attempt.rows.map(({ key }) => key),
    repository: repositories.get(first.repository) ?? String(first.repository),
    sha,
    succeededAt: new Date(attempt.at).toISOString(),
    direction,
    changes: (arrivals ?? []).map(({ change, shas, lead }) => ({
      pullRequest: change.pull?.number ?? null,
      shas: [...shas],
      leadSeconds: lead === null ? null : Math.round(lead / 1000),
    })),
    unknown,
    failed:
      failure === null
        ? null
        : {
            rule: failure.rule,
            by: failure.by?.attempt.rows[0].key ?? null,
            incident: failure.incident?.number ?? null,
            recoveredAt: failure.recoveredAt === null ? null : new Date(failure.recoveredAt).toISOString(),
          },
    rework,
    deliveries: [...deliveries],
  };
}

export type Receipt = ReturnType<typeof receiptOf>;

const HEAD = [
  "service",
  "environment",
  "from",
  "to",
  "deployments",
  "lead_time_median_seconds",
  "lead_time_p90_seconds",
  "lead_time_samples",
  "lead_time_unknown",
  "recovery_time_median_seconds",
  "recovery_time_p90_seconds",
  "recovery_time_samples",
  "not_recovered",
  "failed",
  "undecided",
  "rework",
  "attempts_that_ended",
  "unfinished",
];

/** One line for each period of each service and environment. */
export function csvLines(report: DoraReport): readonly (readonly string[])[] {
  const rows = shapeOf(report).courses.flatMap(({ service, environment, periods }) =>
    periods.map((period) => [
      service,
      environment,
      period.from,
      period.to,
      period.deployments,
      period.leadTime.medianSeconds,
      period.leadTime.p90Seconds,
      period.leadTime.samples,
      Object.values(period.leadTime.unknown).reduce((sum, count) => sum + count, 0),
      period.recoveryTime.medianSeconds,
      period.recoveryTime.p90Seconds,
      period.recoveryTime.samples,
      period.recoveryTime.open,
      period.failRate.failed,
      period.failRate.undecided,
      period.reworkRate.rework,
      period.successRate.of,
      period.successRate.unfinished,
    ]),
  );
  return [HEAD, ...rows.map((row) => row.map((cell) => (cell === null ? "" : String(cell))))];
}

const DAYS: Readonly<Record<Unit, number>> = { day: 30, week: 84, month: 365 };
const DAY_MS = 24 * 60 * 60_000;

/** The default time range: the last 30 days, 12 weeks or 12 months. */
export function spanOf(unit: Unit, now: Date): { readonly from: Date; readonly to: Date } {
  return { from: new Date(now.getTime() - DAYS[unit] * DAY_MS), to: now };
}
