import type { ClientBase } from "pg";

/**
 * The settings of each connection, independent of `ALTER DATABASE`, `ALTER ROLE` and postgresql.conf: the formats of
 * times, intervals, numbers and bytes, and a read-write transaction that sees the commits of others.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  datestyle: "ISO, MDY",
  intervalstyle: "postgres",
  timezone: "UTC",
  bytea_output: "hex",
  extra_float_digits: "1",
  standard_conforming_strings: "on",
  client_encoding: "UTF8",
  default_transaction_isolation: "read committed",
  default_transaction_read_only: "off",
};

const SET = Object.entries(SETTINGS)
  .map(([name, value]) => `SET ${name} TO ${value.includes(",") ? value : `'${value}'`}`)
  .join("; ");

/** Run it on a new connection before any other statement. */
export async function setSession(client: ClientBase): Promise<void> {
  await client.query(SET);
}
