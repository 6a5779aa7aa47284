import { TENANT_TABLES } from "../facts/tenant-tables.js";

/** Some of a tenant's rows: the rows of `table` that satisfy `mine`, where `$1` is the installation. */
export interface TenantRows {
  readonly table: string;
  readonly mine: string;
}

const ITS_DELIVERIES = "(SELECT guid FROM deliveries WHERE installation_id = $1)";

/**
 * Every row of a tenant. Rows that identify the tenant come before rows that are found through them: an export goes
 * forwards, a purge backwards. A duplicate belongs to the tenant of its first delivery, which may be processed long
 * after the duplicate arrived.
 */
export const TENANT_ROWS: readonly TenantRows[] = [
  ...TENANT_TABLES.map(({ table }) => ({ table, mine: "installation_id = $1" })),
  { table: "deliveries", mine: `duplicate_of IN ${ITS_DELIVERIES}` },
  { table: "delivery_bodies", mine: `guid IN ${ITS_DELIVERIES}` },
];
