import { z } from "zod";
import { TENANT_TABLES } from "./facts/tenant-tables.js";
import type { Sql, Store } from "./store.js";

const BATCH = 1_000;

const Line = z.object({ line: z.string() });

/**
 * Writes everything that is stored of a tenant as JSON lines, `{"table": …, "row": …}`, at one moment: rows that change
 * meanwhile are as they were at the start. Bodies of deliveries are base64 of the stored bytes, with their encoding. Gives how many.
 */
export function exportTenant(
  store: Store,
  installationId: bigint,
  write: (line: string) => Promise<void>,
): Promise<number> {
  return store.transaction(async (sql) => {
    await sql.query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    let lines = await copy(sql, "installations", rowsOf("installations", "t.id = $1"), installationId, write);
    for (const { table } of TENANT_TABLES) {
      lines += await copy(sql, table, rowsOf(table, "t.installation_id = $1"), installationId, write);
    }
    return lines + (await copy(sql, "delivery_bodies", BODIES, installationId, write));
  });
}

function rowsOf(table: string, mine: string): string {
  return `SELECT jsonb_build_object('table', '${table}', 'row', to_jsonb(t))::text AS line FROM ${table} t WHERE ${mine}`;
}

const BODIES = `SELECT jsonb_build_object('table', 'delivery_bodies',
    'row', jsonb_build_object('guid', b.guid, 'encoding', b.encoding, 'body', encode(b.body, 'base64')))::text AS line
  FROM delivery_bodies b JOIN deliveries d ON d.guid = b.guid WHERE d.installation_id = $1`;

async function copy(
  sql: Sql,
  table: string,
  select: string,
  installationId: bigint,
  write: (line: string) => Promise<void>,
): Promise<number> {
  const cursor = `export_${table}`;
  await sql.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${select}`, [installationId]);
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
