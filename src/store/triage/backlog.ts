// SQL by hand: open issues that triage has not judged, in a repository that may have many.
import { z } from "zod";
import type { Sql } from "../store.js";

interface InRepository {
  readonly installationId: bigint;
  readonly repositoryId: bigint;
}

/** The backlog of a repository as it was asked for: a run while triage was off counts when it is later. */
interface Backlog extends InRepository {
  readonly since: Date;
}

const WAITING = `i.installation_id = $1 AND i.repository_id = $2 AND i.state = 'open' AND NOT i.locked AND i.deleted_at IS NULL
  AND NOT EXISTS (SELECT FROM agent_runs a WHERE a.repository_id = i.repository_id AND a.number = i.number
    AND a.agent = 'triage' AND a.status IN ('done', 'decided') AND (a.skipped IS DISTINCT FROM 'disabled' OR a.created_at > $3))
  AND NOT EXISTS (SELECT FROM jobs j WHERE j.repository_id = i.repository_id AND j.number = i.number AND j.name = 'triage'
    AND j.status IN ('waiting', 'running', 'failed'))`;

const Counts = z.object({ waiting: z.int(), judged: z.int() });

/** The number of open issues without a judgement by triage, and the number with one or with a job that is under way. */
export async function backlogCounts(sql: Sql, { installationId, repositoryId, since }: Backlog) {
  const [row] = await sql.query(
    `SELECT count(*) FILTER (WHERE ${WAITING})::int AS waiting, count(*) FILTER (WHERE NOT (${WAITING}))::int AS judged
     FROM issues i WHERE i.installation_id = $1 AND i.repository_id = $2 AND i.state = 'open' AND i.deleted_at IS NULL`,
    [installationId, repositoryId, since],
  );
  return Counts.parse(row);
}

const Issue = z.object({ number: z.int(), title: z.string(), body: z.string(), labels: z.array(z.string()) });
export type BacklogIssue = z.output<typeof Issue>;

/** Open issues without a judgement by triage, the newest first. */
export async function backlogIssues(
  sql: Sql,
  { installationId, repositoryId, since }: Backlog,
  most: number,
): Promise<readonly BacklogIssue[]> {
  const rows = await sql.query(
    `SELECT i.number, coalesce(o.title, i.title) AS title, coalesce(o.body, i.body, '') AS body,
       ARRAY(SELECT l.name FROM issue_labels l WHERE l.issue_id = i.id ORDER BY l.name) AS labels
     FROM issues i LEFT JOIN issue_openings o ON o.repository_id = i.repository_id AND o.number = i.number
     WHERE ${WAITING} ORDER BY i.number DESC LIMIT $4`,
    [installationId, repositoryId, since, most],
  );
  return rows.map((row) => Issue.parse(row));
}

/** The names of the labels that the mirror holds. */
export async function labelNames(sql: Sql, { installationId, repositoryId }: InRepository): Promise<readonly string[]> {
  const rows = await sql.query(
    "SELECT name FROM labels WHERE installation_id = $1 AND repository_id = $2 ORDER BY name",
    [installationId, repositoryId],
  );
  return rows.map((row) => z.string().parse(row["name"]));
}
