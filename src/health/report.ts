import { type HealthState, worstOf } from "./level.js";
import type { PausedWrites } from "./paused-writes.js";
import { CHECKS, type CheckName } from "./reading.js";
import type { Standing } from "./settle.js";
import { duration, secondsBetween } from "./words.js";

/** One check as people see it: on the command line, over HTTP and on the dashboard alike. Times are ISO 8601. */
export interface CheckReport {
  readonly check: CheckName;
  readonly state: HealthState;
  readonly since: string;
  readonly reason: string;
  readonly remedy: string | null;
  readonly value: number | null;
  /** What the last reading saw where it differs: the next one decides. */
  readonly pending: { readonly state: HealthState; readonly reason: string } | null;
  /** Why the last reading could not be made. */
  readonly unread: string | null;
  readonly checkedAt: string;
}

export interface HealthReport {
  readonly state: HealthState | "unknown";
  /** Why what is shown may not be so any more; null when it is fresh. */
  readonly stale: string | null;
  /** Where an operator stopped the writes to GitHub: meant, and no incident, but not all that the app is there for. */
  readonly writesPaused: readonly PausedWrites[];
  readonly app: readonly CheckReport[];
  readonly installations: readonly {
    readonly id: string;
    readonly account: string | null;
    readonly state: HealthState;
    readonly checks: readonly CheckReport[];
  }[];
}

interface Known {
  readonly check: CheckName;
  readonly installationId: bigint | null;
  readonly account: string | null;
  readonly standing: Standing;
}

/** So many periods without a pass, and nobody looks any more. */
const PERIODS = 3;

/** Whether the last look was made too long ago for anybody to be looking. */
export function isStale(last: Date, now: Date, periodMs: number): boolean {
  return now.getTime() - last.getTime() > PERIODS * periodMs;
}

/** The whole in the order of the checks, the worst installations first. Where no pass was made lately, that is the news. */
export function reportOf(
  known: readonly Known[],
  now: Date,
  periodMs: number,
  writesPaused: readonly PausedWrites[] = [],
): HealthReport {
  const app = known.filter(({ installationId }) => installationId === null);
  const installations = installationsOf(known);
  const newest = new Date(Math.max(...app.map(({ standing }) => standing.checkedAt.getTime())));
  const age = secondsBetween(newest, now);
  const stale = app.length > 0 && isStale(newest, now, periodMs);
  const worst = worstOf([
    ...app.map(({ standing }) => standing.level.state),
    ...installations.map(({ state }) => state),
    ...(writesPaused.length > 0 ? (["degraded"] as const) : []),
  ]);
  return {
    state: app.length === 0 ? "unknown" : stale ? "unhealthy" : worst,
    stale: staleReason(app.length, stale, age),
    writesPaused,
    app: inOrder(app),
    installations,
  };
}

function staleReason(checks: number, stale: boolean, age: number): string | null {
  if (checks === 0) return "nobody has looked yet: a worker does every five minutes (ROLE=all or worker)";
  return stale ? `nobody has looked for ${duration(age)}: start a worker (ROLE=all or worker)` : null;
}

function installationsOf(known: readonly Known[]): HealthReport["installations"] {
  const byId = new Map<bigint, Known[]>();
  for (const each of known)
    if (each.installationId !== null) byId.set(each.installationId, [...(byId.get(each.installationId) ?? []), each]);
  return [...byId]
    .map(([id, checks]) => ({
      id: String(id),
      account: checks[0]?.account ?? null,
      state: worstOf(checks.map(({ standing }) => standing.level.state)),
      checks: inOrder(checks),
    }))
    .sort((a, b) => severity(b.state) - severity(a.state));
}

function severity(state: HealthState): number {
  return state === "unhealthy" ? 2 : state === "degraded" ? 1 : 0;
}

function inOrder(known: readonly Known[]): readonly CheckReport[] {
  return known.toSorted((a, b) => CHECKS.indexOf(a.check) - CHECKS.indexOf(b.check)).map(toReport);
}

function toReport({ check, standing }: Known): CheckReport {
  const { level, since, reason, remedy, value, pending, unread, checkedAt } = standing;
  return {
    check,
    state: level.state,
    since: since.toISOString(),
    reason,
    remedy,
    value,
    pending: pending && { state: pending.level.state, reason: pending.reason },
    unread,
    checkedAt: checkedAt.toISOString(),
  };
}
