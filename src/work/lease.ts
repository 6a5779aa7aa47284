import type { Clock } from "../domain.js";
import { GoneError } from "../errors.js";
import type { Sql } from "../store/store.js";
import { renewHold } from "../store/work/hold.js";

/** This process's hold on a running row. */
export interface Lease {
  /** Aborted when the row is not ours any more: cancelled, or perhaps taken back because we could not renew in time. */
  readonly lost: AbortSignal;
  /** Whether it could not be renewed in time: nobody may have taken the row since. */
  readonly expired: boolean;
  release(): void;
}

/** Renews the lease of a running row three times within its length, until it is released or lost. */
export function holdLease(options: {
  readonly sql: Sql;
  readonly id: bigint;
  readonly token: string;
  readonly leaseMs: number;
  readonly clock: Clock;
}): Lease {
  const { sql, id, token, leaseMs, clock } = options;
  const lost = new AbortController();
  let until = clock.now().getTime() + leaseMs;
  let expired = false;
  const lose = (): void => {
    clearInterval(timer);
    lost.abort(new GoneError("the job was cancelled, or another process took it over"));
  };
  const expire = (): void => {
    expired = true;
    lose();
  };
  const renew = async (): Promise<void> => {
    const next = clock.now().getTime() + leaseMs;
    const held = await renewHold(sql, "jobs", [id], { token, until: new Date(next) });
    if (held.size === 0) return lose();
    until = next;
  };
  // A database that is away for a moment costs nothing while the lease lasts.
  const timer = setInterval(() => {
    renew().catch(() => (clock.now().getTime() > until ? expire() : undefined));
  }, leaseMs / 3);
  timer.unref();
  return {
    lost: lost.signal,
    get expired() {
      return expired;
    },
    release: () => clearInterval(timer),
  };
}
