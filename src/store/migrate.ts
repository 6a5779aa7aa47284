import type { Client } from "pg";
import { ConfigError } from "../errors.js";
import type { Log } from "../log.js";
import { connect, connectOrCreate } from "./connect.js";
import { assertVersion, explainDatabaseError } from "./database-error.js";
import { migrationState, type MigrationState } from "./migrations.js";
import { applyMigrations, withSchemaEngine } from "./schema-engine.js";
import { sqlOf, type Sql } from "./store.js";

/** Any number that no other program on the same database is likely to lock. */
const LOCK_KEY = 7_305_162_042;

/**
 * Brings the database up to the package's migrations, creating it where it is missing and the role may. Any number of
 * processes may call it at once: one applies, the others wait and find nothing to do.
 * @throws ConfigError naming DATABASE_URL when it cannot be reached, is too old or refuses the role.
 */
export async function migrate(
  url: string,
  options: { readonly log: Log },
): Promise<{ readonly applied: readonly string[] }> {
  try {
    const client = await connectOrCreate(url);
    try {
      return { applied: await migrateOn(client, url, options.log) };
    } finally {
      await client.end();
    }
  } catch (error) {
    throw explainDatabaseError(error, url);
  }
}

/** The names of the migrations that the database lacks. Give `/readyz` its store's `sql`: it asks often. */
export async function pendingMigrations(target: string | Sql): Promise<readonly string[]> {
  if (typeof target !== "string") return (await migrationState(target)).pending;
  try {
    const client = await connect(target);
    try {
      return (await migrationState(sqlOf(client))).pending;
    } finally {
      await client.end();
    }
  } catch (error) {
    throw explainDatabaseError(error, target);
  }
}

async function migrateOn(client: Client, url: string, log: Log): Promise<readonly string[]> {
  const sql = sqlOf(client);
  const [version] = await sql.query("SELECT current_setting('server_version_num')::int AS num");
  assertVersion(Number(version?.["num"]), url);
  if (isCurrent(await migrationState(sql), log)) return [];
  await sql.query("SELECT pg_advisory_lock($1)", [LOCK_KEY]);
  try {
    if (isCurrent(await migrationState(sql), log)) return [];
    const started = performance.now();
    const applied = await withSchemaEngine(url, applyMigrations);
    log.info({ applied, ms: Math.round(performance.now() - started) }, "database migrated");
    return applied;
  } finally {
    await sql.query("SELECT pg_advisory_unlock($1)", [LOCK_KEY]);
  }
}

/** @throws ConfigError when an earlier migration failed half-way: applying others on top would hide it. */
function isCurrent(state: MigrationState, log: Log): boolean {
  const [failed] = state.failed;
  if (failed !== undefined)
    throw new ConfigError([
      {
        variable: "DATABASE_URL",
        problem: `the migration '${failed}' failed on this database before`,
        remedy: `See 'logs' of its row in _prisma_migrations, mend the cause, then: UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = '${failed}' AND finished_at IS NULL;`,
      },
    ]);
  if (state.edited.length > 0)
    log.warn({ migrations: state.edited }, "migrations were edited after they had been applied");
  return state.pending.length === 0;
}
