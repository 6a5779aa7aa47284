import { PausedError } from "../../errors.js";
import { codeOf } from "../database-error.js";
import { sqlOf, type Sql, type Store } from "../store.js";

/**
 * How long the holder may be idle at the database, calls to GitHub included; then another process may take the lock
 * (ms).
 */
const IDLE_MS = 90_000;
/** When work that found the lock taken retries (ms). */
const AGAIN_MS = 15_000;

const LOCK = `SELECT set_config('idle_session_timeout', $2, false), pg_advisory_lock(hashtextextended($1, 0))`;
const UNLOCK = `SELECT set_config('idle_session_timeout', '0', false), pg_advisory_unlock(hashtextextended($1, 0))`;

/**
 * Runs the work under a lock that all processes share, on one connection without an open transaction, so that each
 * statement is durable when it returns. The lock ends with the connection: a killed process releases it, and a stopped
 * one loses it after `IDLE_MS`.
 * @throws PausedError when another process keeps the lock for longer than the session's `lockMs`.
 */
export async function exclusively<T>(
  store: Store,
  key: string,
  work: (sql: Sql) => Promise<T>,
  { idleMs = IDLE_MS, now = () => new Date() }: { readonly idleMs?: number; readonly now?: () => Date } = {},
): Promise<T> {
  const client = await store.pool.connect();
  const sql = sqlOf(client);
  let broken = true;
  try {
    await sql.query(LOCK, [key, String(idleMs)]).catch((error: unknown) => {
      throw codeOf(error) === LOCK_NOT_AVAILABLE ? busy(key, now(), error) : error;
    });
    try {
      return await work(sql);
    } finally {
      await sql.query(UNLOCK, [key]);
      broken = false;
    }
  } finally {
    client.release(broken);
  }
}

const LOCK_NOT_AVAILABLE = "55P03";

function busy(key: string, now: Date, cause: unknown): PausedError {
  const retryAt = new Date(now.getTime() + AGAIN_MS);
  return new PausedError("network", `another process is applying ${key}`, retryAt, { cause });
}
