import type { Clock } from "../domain.js";
import { GoneError } from "../errors.js";
import type { Sql } from "../store/store.js";
import { renewHold } from "../store/work/hold.js";

/** This process's lease on a running row. */
export interface Lease {
  /** Aborted when the lease is lost: the job was cancelled, or the lease was not renewed in time. */
  readonly lost: AbortSignal;
  /** Whether the lease was not renewed in time. The row may still be free. */
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
  // A short outage of the database does no harm while the lease lasts.
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
