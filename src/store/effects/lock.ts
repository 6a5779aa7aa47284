import { sqlOf, type Sql, type Store } from "../store.js";

/**
 * Runs the work alone among all processes, on one connection and with no transaction open, so that each statement in it
 * is durable when it returns. The lock goes with the connection: a killed process leaves none behind.
 */
export async function exclusively<T>(store: Store, key: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  const client = await store.pool.connect();
  const sql = sqlOf(client);
  let broken = true;
  try {
    await sql.query("SELECT pg_advisory_lock(hashtextextended($1, 0))", [key]);
    try {
      return await work(sql);
    } finally {
      await sql.query("SELECT pg_advisory_unlock(hashtextextended($1, 0))", [key]);
      broken = false;
    }
  } finally {
    client.release(broken);
  }
}
