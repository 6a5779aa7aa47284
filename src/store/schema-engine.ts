import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import * as bindings from "@prisma/schema-engine-wasm/schema_engine_bg";
import type { SqlMigrationAwareDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import { Pool } from "pg";
import { instantiateWasm } from "../unchecked.js";
import { connectToDescribe } from "./describing-adapter.js";
import { onDatabase } from "./database-url.js";
import { PRISMA_DIRECTORY, readMigrations } from "./migrations.js";

type Engine = Awaited<ReturnType<typeof bindings.SchemaEngine.new>>;

/** Nothing in the database is managed by somebody else. */
const NO_FILTER = { externalTables: [], externalEnums: [] };

let loaded = false;

/** Prisma's own schema engine, in WebAssembly: `prisma migrate` elsewhere agrees with what it does. */
export async function withSchemaEngine<T>(url: string, work: (engine: Engine) => Promise<T>): Promise<T> {
  load();
  const connections = openConnections(url);
  try {
    const adapter = bindMigrationAwareSqlAdapterFactory(connections.factory);
    const engine = await bindings.SchemaEngine.new({ datamodels: [datamodel()] }, () => undefined, adapter);
    try {
      return await work(engine);
    } finally {
      engine.free();
    }
  } finally {
    await connections.close();
  }
}

/**
 * The engine leaves its connections open, and Prisma's adapter runs a shadow database on the real one when it is given
 * a URL (in `pg` a connection string wins over the `database` beside it). So both are made, and closed, here.
 */
function openConnections(url: string) {
  const main = openPool(url);
  const shadows: { readonly name: string; readonly pool: Pool }[] = [];
  const factory: SqlMigrationAwareDriverAdapterFactory = {
    provider: "postgres",
    adapterName: "@prisma/adapter-pg",
    connect: () => new PrismaPg(main).connect(),
    async connectToShadowDb() {
      const name = `companyos_shadow_${randomBytes(8).toString("hex")}`;
      await main.query(`CREATE DATABASE ${name}`);
      const pool = openPool(onDatabase(url, name));
      shadows.push({ name, pool });
      return connectToDescribe(pool);
    },
  };
  return {
    factory,
    async close() {
      for (const { name, pool } of shadows) {
        await pool.end();
        await main.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      }
      await main.end();
    },
  };
}

function openPool(url: string): Pool {
  const pool = new Pool({ connectionString: url, max: 1, application_name: "companyos migrate" });
  // A connection that breaks while idle: the next statement says so.
  pool.on("error", () => undefined);
  return pool;
}

/** Applies what is pending, one transaction each, and records it in `_prisma_migrations`. */
export async function applyMigrations(engine: Engine): Promise<readonly string[]> {
  const { appliedMigrationNames } = await engine.applyMigrations({
    migrationsList: migrationsList(),
    filters: NO_FILTER,
  });
  return appliedMigrationNames;
}

/**
 * The SQL that leads to `prisma/schema.prisma` from the migrations, or from nothing; empty when they agree. Applies the
 * migrations to a temporary database of its own, so the role must be allowed to create one.
 */
export async function diffSchema(engine: Engine, from: "migrations" | "empty" = "migrations"): Promise<string> {
  const [path, content] = datamodel();
  const { stdout } = await engine.diff({
    from: from === "empty" ? { tag: "empty" } : { tag: "migrations", ...migrationsList() },
    to: { tag: "schemaDatamodel", files: [{ path, content }] },
    script: true,
    exitCode: null,
    filters: NO_FILTER,
  });
  const script = stdout ?? "";
  return script.split("\n").every((line) => line.trim() === "" || line.startsWith("--")) ? "" : script;
}

function datamodel(): [string, string] {
  const path = join(PRISMA_DIRECTORY, "schema.prisma");
  return [path, readFileSync(path, "utf8")];
}

function migrationsList() {
  return {
    baseDir: join(PRISMA_DIRECTORY, "migrations"),
    lockfile: { path: "migration_lock.toml", content: 'provider = "postgresql"\n' },
    shadowDbInitScript: "",
    migrationDirectories: readMigrations().map(({ name, script }) => ({
      path: name,
      migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value: script } },
    })),
  };
}

/** The package's own entry imports the .wasm file as a module, which Node 20 does not do. */
function load(): void {
  if (loaded) return;
  const path = createRequire(import.meta.url)
    .resolve("@prisma/schema-engine-wasm/schema_engine_bg")
    .replace(/\.js$/, ".wasm");
  const exports = instantiateWasm(readFileSync(path), { "./schema_engine_bg.js": bindings });
  bindings.__wbg_set_wasm(exports);
  exports["__wbindgen_start"]?.();
  loaded = true;
}
