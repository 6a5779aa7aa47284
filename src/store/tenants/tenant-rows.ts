import { TENANT_TABLES } from "../facts/tenant-tables.js";

/** Some of a tenant's rows: those of `table` where `mine` holds, of which `$1` is the installation. */
export interface TenantRows {
  readonly table: string;
  readonly mine: string;
}

const ITS_DELIVERIES = "(SELECT guid FROM deliveries WHERE installation_id = $1)";

/**
 * Every row of a tenant, what tells whose it is before what is found by it: an export goes forwards, a purge backwards. A
 * duplicate is whose its first one is, which may be read long after the duplicate came.
 */
export const TENANT_ROWS: readonly TenantRows[] = [
  ...TENANT_TABLES.map(({ table }) => ({ table, mine: "installation_id = $1" })),
  { table: "deliveries", mine: `duplicate_of IN ${ITS_DELIVERIES}` },
  { table: "delivery_bodies", mine: `guid IN ${ITS_DELIVERIES}` },
];
