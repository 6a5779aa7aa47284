import { type HealthState, STATES, worstOf } from "./level.js";
import type { PausedWrites } from "./paused-writes.js";
import { CHECKS, type CheckName } from "./reading.js";
import type { Standing } from "./settle.js";
import { duration, secondsBetween } from "./words.js";

/** A check in the form that the CLI, the API and the pages share. Times are ISO 8601. */
export interface CheckReport {
  readonly check: CheckName;
  readonly state: HealthState;
  readonly since: string;
  readonly reason: string;
  readonly remedy: string | null;
  readonly value: number | null;
  /** The last reading if it differs from the state; the next reading decides. */
  readonly pending: { readonly state: HealthState; readonly reason: string } | null;
  /** Why the last reading could not be made. */
  readonly unread: string | null;
  readonly checkedAt: string;
}

export interface HealthReport {
  readonly state: HealthState;
  /** Why the report may be out of date; null when it is fresh. */
  readonly stale: string | null;
  /** Pauses of writes to GitHub by an operator. They are no incident, but part of the work is waiting. */
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

/** After this many periods without a health check no worker is assumed to run. */
const PERIODS = 3;

/** Whether the last health check is so old that no worker can be running. */
export function isStale(last: Date, now: Date, periodMs: number): boolean {
  return now.getTime() - last.getTime() > PERIODS * periodMs;
}

/** The whole report: checks in their order, the worst installations first. Without a recent health check it is stale. */
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
  if (checks === 0) return "no health check has run yet; a worker (ROLE=all or worker) runs one every five minutes";
  return stale ? `no health check has run for ${duration(age)}; start a worker (ROLE=all or worker)` : null;
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
  return STATES.indexOf(state);
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
