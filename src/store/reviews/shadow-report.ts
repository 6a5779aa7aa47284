import { z } from "zod";
import type { Sql } from "../store.js";

const RuleRow = z.object({
  rule: z.string(),
  found: z.number(),
  fixed: z.number(),
  merged: z.number(),
  open: z.number(),
});
const CheckRow = z.object({ check: z.string(), people: z.string(), count: z.number() });

/** The findings of shadow runs beside the fate of the pull requests. */
export interface ShadowReport {
  /**
   * By rule: all findings; those fixed before the end, those still in the merged code, those in open or closed pull
   * requests.
   */
  readonly rules: readonly z.output<typeof RuleRow>[];
  /** Pull requests by the conclusion of the last check and by the last human review. */
  readonly checks: readonly z.output<typeof CheckRow>[];
}

const RULES = `
  SELECT f.rule, count(*)::int AS found, (count(*) FILTER (WHERE f.state = 'fixed'))::int AS fixed,
    (count(*) FILTER (WHERE f.state <> 'fixed' AND p.merged))::int AS merged,
    (count(*) FILTER (WHERE f.state <> 'fixed' AND NOT p.merged))::int AS open
  FROM findings f
  JOIN pull_requests p ON p.repository_id = f.repository_id AND p.number = f.number AND p.installation_id = f.installation_id
  JOIN repositories r ON r.id = f.repository_id
  WHERE f.shadow AND ($1::text IS NULL OR lower(r.full_name) = lower($1))
    AND ($2::bigint[] IS NULL OR f.installation_id = ANY ($2))
  GROUP BY f.rule ORDER BY count(*) DESC, f.rule`;

const CHECKS = `
  WITH last AS (
    SELECT DISTINCT ON (a.repository_id, a.number) a.repository_id, a.number, a.installation_id,
      jsonb_path_query_first(a.decision, '$.effects[*] ? (@.kind == "check-run" && @.name == "companyos / review").conclusion') #>> '{}'
        AS conclusion
    FROM agent_runs a JOIN repositories r ON r.id = a.repository_id
    WHERE a.shadow AND a.status = 'done' AND a.agent = 'code-review' AND a.number IS NOT NULL
      AND ($1::text IS NULL OR lower(r.full_name) = lower($1)) AND ($2::bigint[] IS NULL OR a.installation_id = ANY ($2))
    ORDER BY a.repository_id, a.number, a.id DESC
  )
  SELECT coalesce(l.conclusion, 'none') AS check, coalesce(w.state, 'none') AS people, count(*)::int AS count
  FROM last l
  JOIN pull_requests p ON p.repository_id = l.repository_id AND p.number = l.number AND p.installation_id = l.installation_id
  LEFT JOIN LATERAL (
    SELECT lower(v.state) AS state FROM reviews v
    WHERE v.pull_request_id = p.id AND v.deleted_at IS NULL AND lower(v.state) IN ('approved', 'changes_requested')
    ORDER BY v.submitted_at DESC LIMIT 1
  ) w ON true
  GROUP BY 1, 2 ORDER BY 1, 2`;

/** Of one repository by its full name, or of all; of some installations, or of all. */
export async function shadowReport(
  sql: Sql,
  repository: string | null,
  installations: readonly bigint[] | null = null,
): Promise<ShadowReport> {
  const values = [repository, installations];
  const [rules, checks] = [await sql.query(RULES, values), await sql.query(CHECKS, values)];
  return { rules: rules.map((row) => RuleRow.parse(row)), checks: checks.map((row) => CheckRow.parse(row)) };
}
