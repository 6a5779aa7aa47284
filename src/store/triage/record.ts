// SQL by hand: what became of triage's labels and suggestions, week by week.
import { z } from "zod";
import type { Sql } from "../store.js";

const count = z.coerce.number();
const Week = z.object({
  week: z.date(),
  /** Labels that triage added and that were still there when the issue was closed. */
  confirmed: count,
  /** Labels that a person took off again. */
  refused: count,
  /** Labels that are on open issues: nothing is known yet. */
  open: count,
  /** Labels that triage knows, did not add, and a person added later. */
  missed: count,
  /** Similar issues that a person confirmed as the duplicate, in the queue or by 'duplicate of #n'. */
  duplicates_confirmed: count,
  duplicates_refused: count,
  /** Issues that a person called a duplicate of one that triage did not name. */
  duplicates_missed: count,
});
export type TriageWeek = z.output<typeof Week>;

const OURS = `
  SELECT e.repository_id, substring(e.target from '^#([0-9]+)/')::int AS number, lower(l) AS label, e.created_at AS at
  FROM effects e CROSS JOIN LATERAL jsonb_array_elements_text(e.request->'add') AS l
  WHERE e.installation_id = ANY ($1::bigint[]) AND e.kind = 'labels' AND e.status IN ('done', 'adopted')
    AND e.request->>'occasion' LIKE 'triage %' AND e.created_at > $2
    AND ($3::bigint IS NULL OR e.repository_id = $3)`;

const JUDGED = `
  SELECT DISTINCT ON (a.repository_id, a.number) a.repository_id, a.number, a.created_at AS at, a.decision
  FROM agent_runs a WHERE a.installation_id = ANY ($1::bigint[]) AND a.agent = 'triage' AND a.status = 'done'
    AND a.skipped IS NULL AND a.created_at > $2 AND ($3::bigint IS NULL OR a.repository_id = $3)
  ORDER BY a.repository_id, a.number, a.id`;

/** What a person wrote, by the words that GitHub itself acts on. Source: GitHub's 'Marking issues as a duplicate'. */
const CALLED = `
  SELECT j.repository_id, j.number, j.decision, c.created_at AS at, (regexp_match(c.body, 'duplicate of #([0-9]{1,9})', 'i'))[1]::int AS other
  FROM judged j JOIN issue_comments c ON c.repository_id = j.repository_id AND c.issue_number = j.number AND c.deleted_at IS NULL
  LEFT JOIN users u ON u.id = c.author_id
  WHERE c.body ~* 'duplicate of #[0-9]{1,9}' AND coalesce(u.type, 'User') <> 'Bot'`;

/** The newest week first; weeks in which nothing happened are left out. */
export async function triageWeeks(
  sql: Sql,
  installations: readonly bigint[],
  { since, repositoryId }: { readonly since: Date; readonly repositoryId: bigint | null },
): Promise<readonly TriageWeek[]> {
  const rows = await sql.query(
    `WITH ours AS (${OURS}), judged AS (${JUDGED}), called AS (${CALLED}),
     fates AS (
       SELECT o.at, CASE
         WHEN EXISTS (SELECT FROM label_acts a WHERE a.repository_id = o.repository_id AND a.number = o.number
           AND lower(a.label) = o.label AND NOT a.added AND NOT a.by_bot AND a.at >= date_trunc('second', o.at)) THEN 'refused'
         WHEN EXISTS (SELECT FROM issues i JOIN issue_labels l ON l.issue_id = i.id WHERE i.repository_id = o.repository_id
           AND i.number = o.number AND i.state = 'closed' AND lower(l.name) = o.label) THEN 'confirmed'
         ELSE 'open' END AS fate FROM ours o
       UNION ALL
       SELECT a.at, 'missed' FROM judged j JOIN label_acts a ON a.repository_id = j.repository_id AND a.number = j.number
         AND a.added AND NOT a.by_bot AND a.at >= date_trunc('second', j.at)
       WHERE EXISTS (SELECT FROM jsonb_array_elements(j.decision->'scores') s WHERE lower(s->>'label') = lower(a.label))
         AND NOT EXISTS (SELECT FROM ours o WHERE o.repository_id = a.repository_id AND o.number = a.number AND o.label = lower(a.label))
       UNION ALL
       SELECT c.at, CASE WHEN EXISTS (SELECT FROM jsonb_array_elements(c.decision->'similar') s WHERE (s->>'number')::int = c.other)
         THEN 'duplicate confirmed' ELSE 'duplicate missed' END FROM called c
       UNION ALL
       SELECT t.created_at, CASE WHEN t.yes THEN 'duplicate confirmed' ELSE 'duplicate refused' END FROM triage_answers t
       WHERE t.installation_id = ANY ($1::bigint[]) AND t.kind = 'duplicate' AND t.created_at > $2
         AND ($3::bigint IS NULL OR t.repository_id = $3)
         AND NOT EXISTS (SELECT FROM called c WHERE c.repository_id = t.repository_id AND c.number = t.number))
     SELECT date_trunc('week', at, 'UTC') AS week, ${["confirmed", "refused", "open", "missed"]
       .map((fate) => `count(*) FILTER (WHERE fate = '${fate}') AS ${fate}`)
       .join(", ")},
       ${["confirmed", "refused", "missed"]
         .map((fate) => `count(*) FILTER (WHERE fate = 'duplicate ${fate}') AS duplicates_${fate}`)
         .join(", ")}
     FROM fates GROUP BY 1 ORDER BY 1 DESC LIMIT 53`,
    [[...installations], since, repositoryId],
  );
  return rows.map((row) => Week.parse(row));
}
