// SQL by hand: the newest run about each protected job, filtered to waiting ones.
import { z } from "zod";
import type { Sql } from "../store.js";

export const PROTECTION_AGENT = "deployment-protection";

/** GitHub cancels a job that has waited for this long. */
export const LONGEST_WAIT_MS = 30 * 86_400_000;

const Row = z.object({ payload: z.record(z.string(), z.json()) });

/** The jobs that the newest run of the protection agent left waiting: in a repository, or in the whole installation. */
export async function waitingJobs(
  sql: Sql,
  { installationId, repositoryId }: { readonly installationId: bigint; readonly repositoryId: bigint | null },
  since: Date,
): Promise<readonly z.output<typeof Row>["payload"][]> {
  const rows = await sql.query(
    `SELECT j.payload FROM (
       SELECT DISTINCT ON (repository_id, subject) job_id, skipped FROM agent_runs
       WHERE installation_id = $1 AND agent = $2 AND created_at > $4 AND ($3::bigint IS NULL OR repository_id = $3)
       ORDER BY repository_id, subject, id DESC) newest
     JOIN jobs j ON j.id = newest.job_id WHERE newest.skipped = 'waiting'`,
    [installationId, PROTECTION_AGENT, repositoryId, since],
  );
  return rows.map((row) => Row.parse(row).payload);
}

/** The reason of the newest run about a subject; null: none. */
export async function lastSaid(
  sql: Sql,
  { repositoryId, agent, subject }: { readonly repositoryId: bigint; readonly agent: string; readonly subject: string },
): Promise<string | null> {
  const [row] = await sql.query(
    `SELECT input->>'said' AS said FROM agent_runs WHERE repository_id = $1 AND agent = $2 AND subject = $3
     ORDER BY id DESC LIMIT 1`,
    [repositoryId, agent, subject],
  );
  return z
    .string()
    .nullable()
    .parse(row?.["said"] ?? null);
}
