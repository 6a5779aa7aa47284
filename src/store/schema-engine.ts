import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import * as bindings from "@prisma/schema-engine-wasm/schema_engine_bg";
import { messageOf } from "../errors.js";
import { instantiateWasm } from "../unchecked.js";
import { type EngineConnections, type EngineFailure, openEngineConnections } from "./engine-connections.js";
import { type Migration, PRISMA_DIRECTORY, readMigrations } from "./migrations.js";

/** Prisma's own schema engine as WebAssembly, so that `prisma migrate` elsewhere agrees with its results. */
type Engine = Awaited<ReturnType<typeof bindings.SchemaEngine.new>>;

/** No part of the database is managed by another program. */
const NO_FILTER = { externalTables: [], externalEnums: [] };

let loaded = false;

/**
 * Applies the pending migrations in one transaction: a failure or a crash leaves no partial migration and no row in
 * `_prisma_migrations` that a person must fix. A script may therefore contain no statement that cannot run in a
 * transaction, such as CREATE INDEX CONCURRENTLY.
 * @returns the names of the applied migrations.
 */
export async function applyMigrations(url: string, migrations: readonly Migration[]): Promise<readonly string[]> {
  return withEngine(url, migrations, async (engine, connections) => {
    await connections.main.query("BEGIN");
    const input = { migrationsList: migrationsList(migrations), filters: NO_FILTER };
    const { appliedMigrationNames } = await engine.applyMigrations(input);
    await connections.main.query("COMMIT");
    return appliedMigrationNames;
  });
}

/**
 * The SQL from the migrations, or from an empty database, to `prisma/schema.prisma`; empty when they agree. Applies the
 * migrations to a temporary database, so the role must be able to create one.
 */
export async function diffSchema(url: string, from: "migrations" | "empty" = "migrations"): Promise<string> {
  const [path, content] = datamodel();
  const migrations = readMigrations();
  const { stdout } = await withEngine(url, migrations, (engine) =>
    engine.diff({
      from: from === "empty" ? { tag: "empty" } : { tag: "migrations", ...migrationsList(migrations) },
      to: { tag: "schemaDatamodel", files: [{ path, content }] },
      script: true,
      exitCode: null,
      filters: NO_FILTER,
    }),
  );
  const script = stdout ?? "";
  return script.split("\n").every((line) => line.trim() === "" || line.startsWith("--")) ? "" : script;
}

/** Closing the connection rolls back its open transaction. */
async function withEngine<T>(
  url: string,
  migrations: readonly Migration[],
  work: (engine: Engine, connections: EngineConnections) => Promise<T>,
): Promise<T> {
  load();
  const connections = openEngineConnections(url);
  try {
    const adapter = bindMigrationAwareSqlAdapterFactory(connections.factory);
    const engine = await bindings.SchemaEngine.new({ datamodels: [datamodel()] }, () => undefined, adapter);
    try {
      return await work(engine, connections);
    } finally {
      engine.free();
    }
  } catch (error) {
    throw explain(connections.failure(), migrations, error);
  } finally {
    await connections.close();
  }
}

/** PostgreSQL's own error with its code and, for a refused script, the migration's name. */
function explain(failure: EngineFailure, migrations: readonly Migration[], fallback: unknown): unknown {
  const { error, script } = failure;
  if (error === undefined) return fallback;
  const name = migrations.find((migration) => migration.script === script)?.name;
  return name === undefined ? error : new Error(`migration '${name}': ${messageOf(error)}`, { cause: error });
}

function datamodel(): [string, string] {
  const path = join(PRISMA_DIRECTORY, "schema.prisma");
  return [path, readFileSync(path, "utf8")];
}

function migrationsList(migrations: readonly Migration[]) {
  return {
    baseDir: join(PRISMA_DIRECTORY, "migrations"),
    lockfile: { path: "migration_lock.toml", content: 'provider = "postgresql"\n' },
    shadowDbInitScript: "",
    migrationDirectories: migrations.map(({ name, script }) => ({
      path: name,
      migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value: script } },
    })),
  };
}

/** The package's own entry imports the .wasm file as a module, which Node 20 cannot do. */
function load(): void {
  if (loaded) return;
  const path = createRequire(import.meta.url)
    .resolve("@prisma/schema-engine-wasm/schema_engine_bg")
    .replace(/\.js$/, ".wasm");
  const exports = instantiateWasm(readFileSync(path), { "./schema_engine_bg.js": withoutHold(bindings) });
  bindings.__wbg_set_wasm(exports);
  exports["__wbindgen_start"]?.();
  loaded = true;
}

/**
 * The engine sets a timer of ten seconds for its lock and never clears it. This timer must not keep a finished process
 * alive.
 */
function withoutHold(imports: object): object {
  const name = Object.keys(imports).find((key) => key.startsWith("__wbg_setTimeout_"));
  if (name === undefined) return imports;
  return { ...imports, [name]: (work: () => void, ms: number) => setTimeout(work, ms >>> 0).unref() };
}
