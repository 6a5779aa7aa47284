// SQL by hand: the queue is one read over runs, issues and answers.
import { z } from "zod";
import type { Sql } from "../store.js";

const Score = z.object({ label: z.string(), score: z.number(), threshold: z.number().nullable().catch(null) });

const Row = z
  .object({
    repository_id: z.coerce.bigint(),
    installation_id: z.coerce.bigint(),
    full_name: z.string(),
    number: z.int(),
    title: z.string(),
    author_login: z.string().nullable(),
    created_at: z.date(),
    labels: z.array(z.string()),
    answered: z.boolean(),
    reason: z.string(),
    scores: z.array(Score).catch([]),
    hints: z.array(z.string()).catch([]),
    spam: z.array(z.string()).catch([]),
    similar: z.array(z.object({ number: z.int() })).catch([]),
    answers: z.array(z.string()),
    settings: z.unknown(),
  })
  .transform(
    ({
      repository_id: repositoryId,
      installation_id: installationId,
      full_name: repository,
      created_at: createdAt,
      author_login: author,
      ...row
    }) => ({
      ...row,
      repositoryId,
      installationId,
      repository,
      createdAt,
      author,
    }),
  );
export type TriagedIssue = z.output<typeof Row>;

/** Open issues that triage looked at in the last 90 days, the newest first, with the last run's decision. */
export async function triagedIssues(
  sql: Sql,
  installations: readonly bigint[],
  now: Date,
  most: number,
): Promise<readonly TriagedIssue[]> {
  const rows = await sql.query(
    `WITH last AS (
       SELECT DISTINCT ON (a.repository_id, a.number) a.repository_id, a.number, a.reason, a.decision
       FROM agent_runs a WHERE a.installation_id = ANY ($1::bigint[]) AND a.agent = 'triage' AND a.status = 'done'
         AND a.skipped IS NULL AND a.created_at > $2::timestamptz - interval '90 days'
       ORDER BY a.repository_id, a.number, a.id DESC)
     SELECT i.repository_id::text, i.installation_id::text, r.full_name, i.number, i.title, i.author_login, i.created_at,
       ARRAY(SELECT l.name FROM issue_labels l WHERE l.issue_id = i.id ORDER BY l.name) AS labels,
       EXISTS (SELECT FROM assignees s WHERE s.subject_type = 'issue' AND s.subject_id = i.id) OR EXISTS (
         SELECT FROM issue_comments c LEFT JOIN users u ON u.id = c.author_id WHERE c.repository_id = i.repository_id
           AND c.issue_number = i.number AND c.deleted_at IS NULL AND c.author_id IS DISTINCT FROM i.author_id
           AND coalesce(u.type, 'User') <> 'Bot') AS answered,
       last.reason, last.decision->'scores' AS scores, last.decision->'hints' AS hints, last.decision->'spam' AS spam,
       last.decision->'similar' AS similar,
       ARRAY(SELECT t.kind || ' ' || t.reference FROM triage_answers t
         WHERE t.repository_id = i.repository_id AND t.number = i.number) AS answers,
       (SELECT s.settings->'triage' FROM repository_settings s WHERE s.repository_id = i.repository_id) AS settings
     FROM last JOIN issues i ON i.repository_id = last.repository_id AND i.number = last.number
       AND i.state = 'open' AND i.deleted_at IS NULL
     JOIN repositories r ON r.id = i.repository_id AND r.deleted_at IS NULL AND NOT r.archived
     ORDER BY i.created_at DESC, i.id DESC LIMIT $3`,
    [[...installations], now, most],
  );
  return rows.map((row) => Row.parse(row));
}

export interface TriageAnswer {
  readonly installationId: bigint;
  readonly repositoryId: bigint;
  readonly number: number;
  readonly kind: string;
  /** The label, the number of the other issue, or empty. */
  readonly reference: string;
  readonly yes: boolean;
  readonly by: string;
  readonly now: Date;
}

/** The last answer to a question holds. */
export async function recordTriageAnswer(sql: Sql, answer: TriageAnswer): Promise<void> {
  await sql.query(
    `INSERT INTO triage_answers (installation_id, repository_id, number, kind, reference, yes, by_login, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (repository_id, number, kind, reference) DO UPDATE SET yes = excluded.yes, by_login = excluded.by_login,
       created_at = excluded.created_at`,
    [
      answer.installationId,
      answer.repositoryId,
      answer.number,
      answer.kind,
      answer.reference,
      answer.yes,
      answer.by,
      answer.now,
    ],
  );
}
