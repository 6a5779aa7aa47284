import { randomBytes } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import {
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from "@prisma/driver-adapter-utils";
import { Pool, type PoolClient } from "pg";
import { onDatabase } from "./database-url.js";

/** Object ids of PostgreSQL's types (pg_type.dat). */
const CHAR = 18;
const TEXT = 25;

/** The first error; both undefined when PostgreSQL reported none. */
export interface EngineFailure {
  readonly error?: unknown;
  readonly script?: string;
}

/** The connections of one use of the schema engine, which does not close them itself. */
export interface EngineConnections {
  readonly factory: SqlMigrationAwareDriverAdapterFactory;
  readonly main: Pool;
  /** The first error that PostgreSQL reported, and the refused script. The engine itself passes on only the message. */
  failure(): EngineFailure;
  close(): Promise<void>;
}

/**
 * Connections for the schema engine: one to the database, and one for each shadow database that it requests. (Prisma's
 * adapter, given a URL, would put a shadow database on the real one: in `pg` the URL overrides the `database` beside
 * it.)
 */
export function openEngineConnections(url: string): EngineConnections {
  let failure: EngineFailure = {};
  const onFailure: OnFailure = (error, script) => {
    const first = failure.error ?? error;
    failure =
      script === undefined || failure.script !== undefined ? { ...failure, error: first } : { error: first, script };
  };
  const main = openSingle(url, onFailure);
  const shadows: { readonly name: string; readonly pool: Pool }[] = [];
  return {
    main,
    factory: {
      provider: "postgres",
      adapterName: "@prisma/adapter-pg",
      connect: () => adapterOn(main, onFailure),
      async connectToShadowDb() {
        const name = `companyos_shadow_${randomBytes(8).toString("hex")}`;
        await main.query(`CREATE DATABASE ${name}`);
        const pool = openSingle(onDatabase(url, name), onFailure);
        shadows.push({ name, pool });
        return adapterOn(pool, onFailure);
      },
    },
    failure: () => failure,
    async close() {
      for (const { name, pool } of shadows) {
        await pool.end();
        await main.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      }
      await main.end();
    },
  };
}

type OnFailure = (error: unknown, script?: string) => void;

/** Only one connection: a transaction begun on the pool then applies to everything that follows. */
function openSingle(url: string, onFailure: OnFailure): Pool {
  const pool = new Pool({ connectionString: url, max: 1, idleTimeoutMillis: 0, application_name: "companyos migrate" });
  const note = (error: unknown) => onFailure(error);
  pool.on("error", note);
  pool.on("connect", (client) => {
    client.on("error", note);
    client.connection.on("errorMessage", note);
  });
  return pool;
}

/**
 * Prisma's adapter (7.10) with two fixes. It splits scripts at every semicolon, even in strings and function bodies;
 * here a script is one message. It rejects catalogue columns of the internal type "char", which the engine needs to
 * describe a schema (https://github.com/prisma/orm/issues/27403); here they pass as text and get their type back.
 */
async function adapterOn(pool: Pool, onFailure: OnFailure): Promise<SqlDriverAdapter> {
  let isChar: readonly boolean[] = [];
  pool.on("connect", (client: PoolClient) => {
    client.connection.prependListener("rowDescription", ({ fields }: { readonly fields: { dataTypeID: number }[] }) => {
      isChar = fields.map((field) => field.dataTypeID === CHAR);
      for (const field of fields) if (field.dataTypeID === CHAR) field.dataTypeID = TEXT;
    });
  });
  const adapter: SqlDriverAdapter = await new PrismaPg(pool).connect();
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (query) => {
    isChar = [];
    const result = await queryRaw(query);
    const columnTypes = result.columnTypes.map((type, index) => (isChar[index] ? ColumnTypeEnum.Character : type));
    return { ...result, columnTypes };
  };
  adapter.executeScript = async (script) => {
    try {
      await pool.query(script);
    } catch (error) {
      onFailure(error, script);
      throw error;
    }
  };
  return adapter;
}
