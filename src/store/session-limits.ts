import type { ClientBase } from "pg";

/** Bounds of each session, in ms: a process that stops in the middle of its work keeps nothing from the others for long. */
export interface SessionLimits {
  /** A wait for one lock. */
  readonly lockMs: number;
  /** One statement: longer than any that the app means to run. */
  readonly statementMs: number;
  /** A transaction in which nothing happens. */
  readonly idleTransactionMs: number;
}

/** Longer than a statement of the app waits or works. */
const SESSION_LIMITS: SessionLimits = { lockMs: 10_000, statementMs: 5 * 60_000, idleTransactionMs: 30_000 };

/** As statements, which poolers such as PgBouncer pass on, and not as parameters of the connection, which they refuse. */
export function limitSession(given: Partial<SessionLimits> = {}): (client: ClientBase) => Promise<unknown> {
  const { lockMs, statementMs, idleTransactionMs } = { ...SESSION_LIMITS, ...given };
  const text = `SET lock_timeout = ${lockMs}; SET statement_timeout = ${statementMs};
    SET idle_in_transaction_session_timeout = ${idleTransactionMs}`;
  return (client) => client.query(text);
}
