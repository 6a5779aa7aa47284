import { storableJson } from "../../text/storable.js";
import { z } from "zod";
import type { Sql } from "../store.js";

/** Identifies the findings of one pull request; those of shadow runs are separate. */
export interface FindingScope {
  readonly installationId: bigint;
  readonly repositoryId: bigint;
  readonly number: number;
  readonly shadow: boolean;
}

const Row = z.object({
  fingerprint: z.string(),
  rule: z.string(),
  path: z.string().nullable(),
  severity: z.enum(["notice", "warning", "failure"]),
  source: z.enum(["rule", "model"]),
  says: z.string(),
  state: z.enum(["open", "fixed", "dismissed", "ignored"]),
});
export type FindingRow = z.output<typeof Row>;

/** Every posted finding, in any state. */
export async function postedFindings(sql: Sql, scope: FindingScope): Promise<readonly FindingRow[]> {
  const rows = await sql.query(
    `SELECT fingerprint, rule, path, severity, source, says, state FROM findings
     WHERE installation_id = $1 AND repository_id = $2 AND number = $3 AND shadow = $4 AND state <> 'decided' ORDER BY id`,
    [scope.installationId, scope.repositoryId, scope.number, scope.shadow],
  );
  return rows.map((row) => Row.parse(row));
}

/** A finding of a run, for its row. */
export interface FoundRow {
  readonly fingerprint: string;
  readonly rule: string;
  readonly severity: string;
  readonly source: string;
  readonly path: string | null;
  readonly line: number | null;
  readonly endLine: number | null;
  /** Plain text. */
  readonly says: string;
}

/**
 * Stores the findings of a run. They count as posted after `markPosted`. A fixed finding that returns is posted
 * again.
 */
export async function decideFindings(
  sql: Sql,
  scope: FindingScope,
  runId: bigint,
  found: readonly FoundRow[],
  now: Date,
): Promise<void> {
  if (found.length === 0) return;
  await sql.query(
    `INSERT INTO findings (installation_id, repository_id, number, shadow, run_id, last_run_id, state, created_at,
       changed_at, fingerprint, rule, severity, source, path, line, end_line, says)
     SELECT $1, $2, $3, $4, $5, $5, 'decided', $7, $7, f.fingerprint, f.rule, f.severity, f.source, f.path, f.line,
       f."endLine", f.says
     FROM jsonb_to_recordset($6::jsonb) AS f(fingerprint text, rule text, severity text, source text, path text, line int,
       "endLine" int, says text)
     ON CONFLICT (repository_id, number, fingerprint, shadow) DO UPDATE SET state = 'decided', run_id = excluded.run_id,
       last_run_id = excluded.last_run_id, severity = excluded.severity, line = excluded.line,
       end_line = excluded.end_line, says = excluded.says, thread_id = NULL, comment_id = NULL, changed_at = excluded.changed_at`,
    [scope.installationId, scope.repositoryId, scope.number, scope.shadow, runId, storableJson(found), now],
  );
}

/** The current lines of findings that were posted before. */
export async function seeFindings(
  sql: Sql,
  scope: FindingScope,
  runId: bigint,
  found: readonly Pick<FoundRow, "fingerprint" | "line" | "endLine">[],
): Promise<void> {
  if (found.length === 0) return;
  await sql.query(
    `UPDATE findings t SET last_run_id = $5, line = f.line, end_line = f."endLine"
     FROM jsonb_to_recordset($6::jsonb) AS f(fingerprint text, line int, "endLine" int)
     WHERE t.installation_id = $1 AND t.repository_id = $2 AND t.number = $3 AND t.shadow = $4
       AND t.fingerprint = f.fingerprint`,
    [scope.installationId, scope.repositoryId, scope.number, scope.shadow, runId, storableJson(found)],
  );
}

/** Marks the run's findings as posted. */
export async function markPosted(sql: Sql, runId: bigint, now: Date): Promise<void> {
  await sql.query("UPDATE findings SET state = 'open', changed_at = $2 WHERE run_id = $1 AND state = 'decided'", [
    runId,
    now,
  ]);
}

/** The run's findings will not be posted; the next run finds them again. */
export async function forgetFindings(sql: Sql, runId: bigint): Promise<void> {
  await sql.query("DELETE FROM findings WHERE run_id = $1 AND state = 'decided'", [runId]);
}

/** Sets the state of open findings after people's reactions or a push. A fixed finding stays fixed. */
export async function settleFindings(
  sql: Sql,
  scope: FindingScope,
  state: "fixed" | "dismissed" | "ignored",
  which: { readonly fingerprints: readonly string[] } | { readonly rule: string },
  now: Date,
): Promise<number> {
  const [column, values] = "rule" in which ? ["rule", [which.rule]] : ["fingerprint", which.fingerprints];
  if (values.length === 0) return 0;
  const rows = await sql.query(
    `UPDATE findings SET state = $5, changed_at = $7
     WHERE installation_id = $1 AND repository_id = $2 AND number = $3 AND shadow = $4 AND ${column} = ANY($6)
       AND state = 'open' RETURNING id`,
    [scope.installationId, scope.repositoryId, scope.number, scope.shadow, state, [...values], now],
  );
  return rows.length;
}

const Record = z.object({ rule: z.string(), shown: z.number(), dismissed: z.number() });

/** The states of each rule's findings in a repository. */
export async function ruleRecords(
  sql: Sql,
  installationId: bigint,
  repositoryId: bigint,
): Promise<readonly z.output<typeof Record>[]> {
  const rows = await sql.query(
    `SELECT rule, count(*)::int AS shown, (count(*) FILTER (WHERE state IN ('dismissed', 'ignored')))::int AS dismissed
     FROM findings WHERE installation_id = $1 AND repository_id = $2 AND NOT shadow AND state <> 'decided'
     GROUP BY rule ORDER BY rule`,
    [installationId, repositoryId],
  );
  return rows.map((row) => Record.parse(row));
}
