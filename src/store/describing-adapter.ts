import { PrismaPg } from "@prisma/adapter-pg";
import { ColumnTypeEnum, type SqlDriverAdapter } from "@prisma/driver-adapter-utils";
import type { Pool, PoolClient } from "pg";

/** Object ids of PostgreSQL's types (pg_type.dat). */
const CHAR = 18;
const TEXT = 25;

/**
 * Prisma's adapter, able to read PostgreSQL's catalogue. The schema engine asks it for columns of the internal type
 * "char" and panics unless they come back as characters; the adapter (7.10) refuses the type:
 * https://github.com/prisma/orm/issues/27403. So they pass it as text and get their type back here.
 * The pool must hold one connection, which runs one statement at a time.
 */
export async function connectToDescribe(pool: Pool): Promise<SqlDriverAdapter> {
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
  return adapter;
}
