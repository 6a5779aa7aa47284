import type { ClientBase } from "pg";

/** Limits of each session (ms): a process that stops in the middle of its work must not block the others for long. */
export interface SessionLimits {
  /** A wait for one lock. */
  readonly lockMs: number;
  /** One statement: longer than any statement of the app. */
  readonly statementMs: number;
  /** An idle transaction. */
  readonly idleTransactionMs: number;
}

/** Longer than any statement of the app waits or works. */
const SESSION_LIMITS: SessionLimits = { lockMs: 10_000, statementMs: 5 * 60_000, idleTransactionMs: 30_000 };

/** As statements, which poolers such as PgBouncer pass on; they reject parameters of the connection. */
export function limitSession(given: Partial<SessionLimits> = {}): (client: ClientBase) => Promise<unknown> {
  const { lockMs, statementMs, idleTransactionMs } = { ...SESSION_LIMITS, ...given };
  const text = `SET lock_timeout = ${lockMs}; SET statement_timeout = ${statementMs};
    SET idle_in_transaction_session_timeout = ${idleTransactionMs}`;
  return (client) => client.query(text);
}
