import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../errors.js";
import { packageFile } from "../package-file.js";
import type { Sql } from "./store.js";

/** `prisma/` of the package. */
export const PRISMA_DIRECTORY = packageFile("prisma");

/** One migration, as the package ships it. */
export interface Migration {
  /** The name of its directory; migrations apply in the order of their names. */
  readonly name: string;
  readonly script: string;
  /** SHA-256 of the script in hexadecimal, as Prisma stores it in `_prisma_migrations`. */
  readonly checksum: string;
}

/** Every migration below `prisma/migrations`, in order. */
export function readMigrations(directory = join(PRISMA_DIRECTORY, "migrations")): readonly Migration[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const script = readFileSync(join(directory, name, "migration.sql"), "utf8");
      return { name, script, checksum: createHash("sha256").update(script).digest("hex") };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The migration state of a database. */
export interface MigrationState {
  readonly pending: readonly string[];
  /** Started and not finished: an attempt that failed. */
  readonly failed: readonly string[];
  /** Applied, and changed in the package since. */
  readonly edited: readonly string[];
  /** Applied by a newer version; the package does not have them. */
  readonly newer: readonly string[];
}

/** Two plain statements, cheap enough for `/readyz`. */
export async function migrationState(sql: Sql, migrations = readMigrations()): Promise<MigrationState> {
  const rows = await readApplied(sql);
  const applied = rows.filter((row) => row["finished"] === true);
  return {
    pending: migrations.filter(({ name }) => !applied.some((row) => row["name"] === name)).map(({ name }) => name),
    failed: rows.filter((row) => row["finished"] === false).map((row) => String(row["name"])),
    edited: migrations
      .filter(({ name, checksum }) => applied.some((row) => row["name"] === name && row["checksum"] !== checksum))
      .map(({ name }) => name),
    newer: applied
      .map((row) => String(row["name"]))
      .filter((name) => !migrations.some((migration) => migration.name === name)),
  };
}

/** @throws ConfigError when a newer version has migrated the database, because this one could corrupt its rows. */
export function assertNotNewer(newer: readonly string[], where: string): void {
  if (newer.length === 0) return;
  throw new ConfigError([
    {
      variable: "DATABASE_URL",
      problem: `${where} was migrated by a newer version of companyos-github; this version lacks ${newer.join(", ")}`,
      remedy: "Run that newer version, or restore the backup that was made before the upgrade (docs/upgrade.md).",
    },
  ]);
}

async function readApplied(sql: Sql): Promise<readonly Record<string, unknown>[]> {
  const [table] = await sql.query("SELECT to_regclass('_prisma_migrations') IS NOT NULL AS there");
  if (table?.["there"] !== true) return [];
  return sql.query(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
       FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
  );
}
