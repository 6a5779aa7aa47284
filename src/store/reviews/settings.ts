import { z } from "zod";
import type { Sql } from "../store.js";

const Row = z.object({ settings: z.unknown(), good_at: z.date() });

/** The last settings without a problem, unparsed; null: there were none yet. */
export async function lastGoodSettings(
  sql: Sql,
  installationId: bigint,
  repositoryId: bigint,
): Promise<{ readonly settings: unknown; readonly goodAt: Date } | null> {
  const [row] = await sql.query(
    "SELECT settings, good_at FROM repository_settings WHERE installation_id = $1 AND repository_id = $2",
    [installationId, repositoryId],
  );
  if (!row) return null;
  const { settings, good_at: goodAt } = Row.parse(row);
  return { settings, goodAt };
}

/** Stores the settings that were read. `settings` null: the files have problems, and the last good settings stay. */
export async function keepSettings(
  sql: Sql,
  read: {
    readonly installationId: bigint;
    readonly repositoryId: bigint;
    readonly settings: string;
    readonly good: boolean;
    readonly problems: string;
    readonly now: Date;
  },
): Promise<void> {
  await sql.query(
    `INSERT INTO repository_settings AS s (repository_id, installation_id, settings, problems, read_at, good_at)
     VALUES ($1, $2, $3::jsonb, $4::jsonb, $5, $5)
     ON CONFLICT (repository_id) DO UPDATE SET installation_id = $2, problems = $4::jsonb, read_at = $5,
       settings = CASE WHEN $6 THEN $3::jsonb ELSE s.settings END, good_at = CASE WHEN $6 THEN $5 ELSE s.good_at END`,
    [read.repositoryId, read.installationId, read.settings, read.problems, read.now, read.good],
  );
}
