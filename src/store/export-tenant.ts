import { z } from "zod";
import type { Sql, Store } from "./store.js";
import { TENANT_ROWS, type TenantRows } from "./tenants/tenant-rows.js";

const BATCH = 1_000;

const Line = z.object({ line: z.string() });

/**
 * Writes every stored row of a tenant as JSON lines, `{"table": …, "row": …}`, from one snapshot. Bodies of deliveries
 * are base64 of the stored bytes, with their encoding.
 * @returns how many rows.
 */
export function exportTenant(
  store: Store,
  installationId: bigint,
  write: (line: string) => Promise<void>,
): Promise<number> {
  return store.transaction(async (sql) => {
    await sql.query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    let lines = 0;
    for (const its of [INSTALLATION, ...TENANT_ROWS]) lines += await copy(sql, its, installationId, write);
    return lines;
  });
}

const INSTALLATION: TenantRows = { table: "installations", mine: "id = $1" };

const BODY = "jsonb_build_object('guid', t.guid, 'encoding', t.encoding, 'body', encode(t.body, 'base64'))";

function linesOf({ table, mine }: TenantRows): string {
  const row = table === "delivery_bodies" ? BODY : "to_jsonb(t)";
  return `SELECT jsonb_build_object('table', '${table}', 'row', ${row})::text AS line FROM ${table} t WHERE ${mine}`;
}

async function copy(
  sql: Sql,
  its: TenantRows,
  installationId: bigint,
  write: (line: string) => Promise<void>,
): Promise<number> {
  const cursor = `export_${its.table}`;
  await sql.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${linesOf(its)}`, [installationId]);
  let lines = 0;
  for (;;) {
    const rows = await sql.query(`FETCH ${BATCH} FROM ${cursor}`);
    for (const row of rows) await write(Line.parse(row).line);
    lines += rows.length;
    if (rows.length < BATCH) break;
  }
  await sql.query(`CLOSE ${cursor}`);
  return lines;
}
