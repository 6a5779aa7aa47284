import type { Client } from "pg";
import { ConfigError } from "../errors.js";
import type { Log } from "../log.js";
import { isProtected, protectRows } from "./access/protect.js";
import { connect, connectOrCreate } from "./connect.js";
import { assertVersion, explainDatabaseError } from "./database-error.js";
import { withoutPassword } from "./database-url.js";
import { assertNotNewer, type Migration, migrationState, type MigrationState, readMigrations } from "./migrations.js";
import { applyMigrations } from "./schema-engine.js";
import { sqlOf, type Sql } from "./store.js";

/** An arbitrary number that other programs on the same database are unlikely to lock. */
const LOCK_KEY = 7_305_162_042;

export interface MigrateOptions {
  readonly log: Log;
  /** Default: the package's. */
  readonly migrations?: readonly Migration[];
}

/**
 * Migrates the database to the package's schema, and creates a missing database if the role may. Any number of
 * processes may call it at once: one applies the migrations, the others wait.
 * @throws ConfigError naming DATABASE_URL when the database cannot be reached, is too old, refuses the role, or belongs
 * to another program.
 */
export async function migrate(url: string, options: MigrateOptions): Promise<{ readonly applied: readonly string[] }> {
  const migrations = options.migrations ?? readMigrations();
  try {
    const client = await connectOrCreate(url);
    try {
      return { applied: await migrateOn(client, url, migrations, options.log) };
    } finally {
      await client.end();
    }
  } catch (error) {
    throw explainDatabaseError(error, url);
  }
}

/** The names of the missing migrations. `/readyz` passes its store's `sql`, because it asks often. */
export async function pendingMigrations(target: string | Sql): Promise<readonly string[]> {
  const state = await (typeof target === "string" ? databaseMigrationState(target) : migrationState(target));
  return state.pending;
}

/** The migration state of the database at this address, over a separate connection. */
export async function databaseMigrationState(url: string): Promise<MigrationState> {
  try {
    const client = await connect(url);
    try {
      return await migrationState(sqlOf(client));
    } finally {
      await client.end();
    }
  } catch (error) {
    throw explainDatabaseError(error, url);
  }
}

async function migrateOn(
  client: Client,
  url: string,
  migrations: readonly Migration[],
  log: Log,
): Promise<readonly string[]> {
  const sql = sqlOf(client);
  const [version] = await sql.query("SELECT current_setting('server_version_num')::int AS num");
  assertVersion(Number(version?.["num"]), url);
  const where = `the database ${withoutPassword(url)}`;
  if (isCurrent(await migrationState(sql, migrations), where, log) && (await isProtected(sql))) return [];
  // Held until this connection ends.
  await sql.query("SELECT pg_advisory_lock($1)", [LOCK_KEY]);
  let applied: readonly string[] = [];
  if (!isCurrent(await migrationState(sql, migrations), where, log)) {
    const started = performance.now();
    applied = await applyMigrations(url, migrations);
    log.info({ applied, ms: Math.round(performance.now() - started) }, "database migrated");
  }
  await protectRows(sql);
  return applied;
}

/** @throws ConfigError when `prisma migrate` failed half-way here, or a newer version has migrated the database. */
function isCurrent(state: MigrationState, where: string, log: Log): boolean {
  assertNotNewer(state.newer, where);
  const [failed] = state.failed;
  if (failed !== undefined)
    throw new ConfigError([
      {
        variable: "DATABASE_URL",
        problem: `Another program left the migration '${failed}' unfinished on this database`,
        remedy: `Read 'logs' of its row in _prisma_migrations, undo its partial changes, then run: npx prisma migrate resolve --rolled-back ${failed}`,
      },
    ]);
  if (state.edited.length > 0) log.warn({ migrations: state.edited }, "migration files differ from the applied ones");
  return state.pending.length === 0;
}
