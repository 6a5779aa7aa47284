import { z } from "zod";
import type { Sql } from "../store.js";

const KEY = "recovery_watermark";
const Row = z.object({ value: z.object({ listedTo: z.coerce.date() }) });

/** Up to when GitHub's deliveries were compared with ours; null before the first time. */
export async function readWatermark(sql: Sql): Promise<Date | null> {
  const [row] = await sql.query("SELECT value FROM app_settings WHERE key = $1", [KEY]);
  return row ? Row.parse(row).value.listedTo : null;
}

/** Never goes back. */
export async function raiseWatermark(sql: Sql, listedTo: Date, now: Date): Promise<void> {
  await sql.query(
    `INSERT INTO app_settings (key, value, updated_at) VALUES ($1, jsonb_build_object('listedTo', $2::text), $3)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at
       WHERE (app_settings.value->>'listedTo')::timestamptz < (excluded.value->>'listedTo')::timestamptz`,
    [KEY, listedTo.toISOString(), now],
  );
}
