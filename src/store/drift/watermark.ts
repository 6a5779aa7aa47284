import { z } from "zod";
import type { Sql } from "../store.js";

const KEY = "recovery_watermark";
const Row = z.object({
  value: z.object({ listedTo: z.coerce.date().nullable(), comparedAt: z.coerce.date().nullish() }),
});

/** The progress of the comparison with GitHub's list. */
export interface Watermark {
  /** The time of the newest compared delivery; null: none was listed yet. It does not move while nothing happens. */
  readonly listedTo: Date | null;
  /** When the last complete comparison began, even if it listed nothing. */
  readonly comparedAt: Date | null;
}

/** Null before the first comparison. */
export async function readWatermark(sql: Sql): Promise<Watermark | null> {
  const [row] = await sql.query("SELECT value FROM app_settings WHERE key = $1", [KEY]);
  if (!row) return null;
  const { listedTo, comparedAt = null } = Row.parse(row).value;
  return { listedTo, comparedAt: comparedAt ?? listedTo };
}

/** Neither time ever moves back. */
export async function raiseWatermark(sql: Sql, { listedTo, comparedAt }: Watermark, now: Date): Promise<void> {
  await sql.query(
    `INSERT INTO app_settings AS s (key, value, updated_at)
     VALUES ($1, jsonb_build_object('listedTo', $2::timestamptz, 'comparedAt', $3::timestamptz), $4)
     ON CONFLICT (key) DO UPDATE SET updated_at = excluded.updated_at, value = jsonb_build_object(
       'listedTo', GREATEST((s.value->>'listedTo')::timestamptz, $2::timestamptz),
       'comparedAt', GREATEST((s.value->>'comparedAt')::timestamptz, $3::timestamptz))`,
    [KEY, listedTo, comparedAt, now],
  );
}
