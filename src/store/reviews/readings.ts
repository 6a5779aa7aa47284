import { z } from "zod";
import type { Sql } from "../store.js";

export interface ReadingScope {
  readonly installationId: bigint;
  readonly repositoryId: bigint;
  readonly number: number;
}

/** The results that the last review stored with the same settings and rules; null: none. */
export async function findReading(sql: Sql, scope: ReadingScope, readBy: string): Promise<string | null> {
  const [row] = await sql.query(
    `SELECT files FROM review_readings
     WHERE installation_id = $1 AND repository_id = $2 AND number = $3 AND read_by = $4`,
    [scope.installationId, scope.repositoryId, scope.number, readBy],
  );
  return row ? z.string().parse(row["files"]) : null;
}

/** Replaces the stored results of an earlier review. */
export async function keepReading(
  sql: Sql,
  scope: ReadingScope,
  reading: { readonly readBy: string; readonly files: string; readonly now: Date },
): Promise<void> {
  await sql.query(
    `INSERT INTO review_readings (repository_id, number, installation_id, read_by, files, read_at)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (repository_id, number) DO UPDATE SET installation_id = excluded.installation_id,
       read_by = excluded.read_by, files = excluded.files, read_at = excluded.read_at`,
    [scope.repositoryId, scope.number, scope.installationId, reading.readBy, reading.files, reading.now],
  );
}
