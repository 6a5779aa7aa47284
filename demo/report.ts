import Table from "cli-table3";
import pc from "picocolors";
import { z } from "zod";
import type { Sql } from "../src/store/store.js";

const Row = z.object({
  event: z.string(),
  arrived: z.coerce.number(),
  processed: z.coerce.number(),
  skipped: z.coerce.number(),
  duplicates: z.coerce.number(),
  failed: z.coerce.number(),
  pending: z.coerce.number(),
  facts: z.coerce.number(),
  jobs: z.coerce.number(),
  median_ms: z.coerce.number().nullable(),
  slowest_ms: z.coerce.number().nullable(),
});
export type ReportRow = z.infer<typeof Row>;

const REPORT = `
  SELECT event, count(*) AS arrived,
    count(*) FILTER (WHERE status = 'processed') AS processed,
    count(*) FILTER (WHERE status = 'skipped') AS skipped,
    count(*) FILTER (WHERE status = 'duplicate') AS duplicates,
    count(*) FILTER (WHERE status = 'failed') AS failed,
    count(*) FILTER (WHERE status IN ('received', 'processing', 'retry')) AS pending,
    coalesce(sum((SELECT count(*) FROM jsonb_array_elements(outcome->'facts') f
      WHERE f->>'result' IN ('inserted', 'updated'))), 0) AS facts,
    coalesce(sum(jsonb_array_length(outcome->'jobs')), 0) AS jobs,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM processed_at - received_at) * 1000) AS median_ms,
    max(extract(epoch FROM processed_at - received_at) * 1000) AS slowest_ms
  FROM deliveries GROUP BY event ORDER BY event`;

export async function reportRows(sql: Sql): Promise<readonly ReportRow[]> {
  return (await sql.query(REPORT)).map((row) => Row.parse(row));
}

/** How many jobs there are of each status. */
export async function jobCounts(sql: Sql): Promise<Readonly<Record<string, number>>> {
  const rows = await sql.query("SELECT status, count(*)::int AS count FROM jobs GROUP BY status ORDER BY status");
  return Object.fromEntries(rows.map((row) => [String(row["status"]), Number(row["count"])]));
}

/** Rows in the mirror, by table. */
export async function mirrored(sql: Sql, tables: readonly string[]): Promise<readonly string[]> {
  const counts = await Promise.all(
    tables.map(async (table) => {
      const [row] = await sql.query(`SELECT count(*)::int AS count FROM ${table}`);
      return `${String(row?.["count"])} ${table.replaceAll("_", " ")}`;
    }),
  );
  return counts;
}

/** The closing table: what arrived, what was stored, what was planned, how long it took. */
export function renderReport(rows: readonly ReportRow[]): string {
  const table = new Table({
    head: [
      "event",
      "arrived",
      "processed",
      "skipped",
      "duplicate",
      "failed",
      "rows written",
      "jobs planned",
      "median",
      "slowest",
    ],
    colAligns: ["left", ...Array<"right">(9).fill("right")],
    style: { head: pc.isColorSupported ? ["cyan"] : [], border: pc.isColorSupported ? ["gray"] : [], compact: true },
  });
  for (const row of rows)
    table.push([
      row.event,
      row.arrived,
      row.processed,
      row.skipped,
      row.duplicates,
      row.failed,
      row.facts,
      row.jobs,
      milliseconds(row.median_ms),
      milliseconds(row.slowest_ms),
    ]);
  return table.toString();
}

function milliseconds(value: number | null): string {
  return value === null ? "" : `${Math.round(value)} ms`;
}
