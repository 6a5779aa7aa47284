import type { Clock } from "../../domain.js";
import type { AlertPolicy } from "../../health/alerts/policy.js";
import { alertOf } from "../../health/incident-of.js";
import { levelOf } from "../../health/level.js";
import { isStale } from "../../health/report.js";
import type { Standing } from "../../health/settle.js";
import { raiseAlert } from "../../store/alerts/raise-alert.js";
import { lockStandings, storeStanding } from "../../store/health/standings.js";
import type { Store } from "../../store/store.js";

export interface WorkerWatch {
  readonly store: Pick<Store, "transaction">;
  readonly clock: Clock;
  readonly policy: AlertPolicy;
  /** The period of health passes. */
  readonly periodMs: number;
  /** When this process started. */
  readonly since: Date;
}

const APP = { installationId: null, account: null } as const;

/**
 * Checks from a web process whether any worker is alive, because the health checks themselves run in workers. Stores
 * the result as the check `workers`, which later passes reset. Runs once for all processes.
 * @returns whether no worker has made a health pass for several periods.
 */
export function watchWorkers({ store, clock, policy, periodMs, since }: WorkerWatch): Promise<boolean> {
  const now = clock.now();
  // Workers that started at the same time have not made a pass yet.
  if (now.getTime() - since.getTime() < periodMs) return Promise.resolve(false);
  return store.transaction(async (sql) => {
    const known = await lockStandings(sql, null);
    const looked = [...known.values()].map(({ checkedAt }) => checkedAt.getTime());
    const last = looked.length === 0 ? since : new Date(Math.max(...looked));
    if (!isStale(last, now, periodMs)) return false;
    const before = known.get("workers");
    const standing = deserted(last, now);
    if (before?.reason === standing.reason) return true;
    await storeStanding(sql, null, "workers", standing);
    const transition = { from: before?.level ?? levelOf(0), to: standing.level };
    const alert = alertOf(APP, "workers", { standing, transition });
    if (alert?.kind === "raise") await raiseAlert(sql, alert.incident, now, policy);
    return true;
  });
}

/** The time of the last pass stays, because this was not a pass. */
function deserted(last: Date, now: Date): Standing {
  return {
    level: { state: "unhealthy", alert: true },
    since: now,
    reason: `no worker has run a health check since ${last.toISOString()}`,
    remedy: "Start a worker (ROLE=all or worker), and read the log of the worker that died.",
    value: null,
    pending: null,
    unread: null,
    checkedAt: last,
  };
}
