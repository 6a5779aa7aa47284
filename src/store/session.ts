import type { ClientBase } from "pg";

/**
 * What each connection is set to, whatever `ALTER DATABASE`, `ALTER ROLE` or postgresql.conf say: how times, intervals,
 * numbers and bytes are written and read, and that a transaction may write and sees what others commit.
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

/** To run on a new connection before anything else does. */
export async function setSession(client: ClientBase): Promise<void> {
  await client.query(SET);
}
