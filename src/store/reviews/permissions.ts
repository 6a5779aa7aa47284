import { z } from "zod";
import type { Sql } from "../store.js";

const Permissions = z.record(z.string(), z.string()).catch({});

/** The stored permissions of an installation; empty: unknown. */
export async function permissionsOf(sql: Sql, installationId: bigint): Promise<Readonly<Record<string, string>>> {
  const [row] = await sql.query("SELECT permissions FROM installations WHERE id = $1", [installationId]);
  return Permissions.parse(row?.["permissions"]);
}
