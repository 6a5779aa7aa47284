// SQL by hand: one read of all rows about an issue, and the search for similar issues.
import { z } from "zod";
import {
  type Candidate,
  type Corpus,
  rank,
  rarestTerms,
  type Ranked,
  type Terms,
  termsOf,
} from "../../agents/triage/duplicates.js";
import type { IssueText } from "../../agents/triage/text.js";
import type { Sql } from "../store.js";

interface OnIssue {
  readonly installationId: bigint;
  readonly repositoryId: bigint;
  readonly number: number;
}

const Row = z.object({
  title: z.string(),
  body: z.string().nullable(),
  filed_title: z.string().nullable(),
  filed_body: z.string().nullable(),
  state: z.enum(["open", "closed"]),
  locked: z.boolean(),
  author_login: z.string().nullable(),
  created_at: z.date(),
  labels: z.array(z.string()),
  assigned: z.boolean(),
  answered: z.boolean(),
  labelled: z.boolean(),
  removed: z.array(z.string()),
});
export type StoredIssue = z.output<typeof Row>;

/** Null: not stored, deleted or transferred. Comments and labels by bots do not count as a person's answer. */
export async function findIssue(
  sql: Sql,
  { installationId, repositoryId, number }: OnIssue,
): Promise<StoredIssue | null> {
  const [row] = await sql.query(
    `SELECT i.title, i.body, o.title AS filed_title, o.body AS filed_body, i.state, i.locked, i.author_login, i.created_at,
       ARRAY(SELECT l.name FROM issue_labels l WHERE l.issue_id = i.id ORDER BY l.name) AS labels,
       EXISTS (SELECT FROM assignees a WHERE a.subject_type = 'issue' AND a.subject_id = i.id) AS assigned,
       EXISTS (SELECT FROM issue_comments c LEFT JOIN users u ON u.id = c.author_id
         WHERE c.repository_id = i.repository_id AND c.issue_number = i.number AND c.deleted_at IS NULL
           AND c.author_id IS DISTINCT FROM i.author_id AND coalesce(u.type, 'User') <> 'Bot'
           AND coalesce(c.body, '') NOT LIKE '/%') AS answered,
       EXISTS (SELECT FROM label_acts a WHERE a.repository_id = i.repository_id AND a.number = i.number
         AND NOT a.by_bot AND a.by_login IS DISTINCT FROM i.author_login) AS labelled,
       ARRAY(SELECT DISTINCT a.label FROM label_acts a WHERE a.repository_id = i.repository_id AND a.number = i.number
         AND NOT a.added AND NOT a.by_bot) AS removed
     FROM issues i LEFT JOIN issue_openings o ON o.repository_id = i.repository_id AND o.number = i.number
     WHERE i.installation_id = $1 AND i.repository_id = $2 AND i.number = $3 AND i.deleted_at IS NULL`,
    [installationId, repositoryId, number],
  );
  return row ? Row.parse(row) : null;
}

/** How many effects of triage were written in a repository since then. */
export async function writesSince(sql: Sql, { installationId, repositoryId }: OnIssue, since: Date): Promise<number> {
  const [row] = await sql.query(
    `SELECT count(*)::int AS count FROM effects e WHERE e.installation_id = $1 AND e.repository_id = $2
       AND e.created_at > $3 AND e.status IN ('done', 'adopted', 'intended') AND e.kind IN ('labels', 'comment')
       AND EXISTS (SELECT FROM agent_runs r WHERE r.job_id = e.job_id AND r.agent = 'triage')`,
    [installationId, repositoryId, since],
  );
  return z.number().parse(row?.["count"]);
}

/** Whether an earlier run decided about this very text. */
export async function wasJudged(
  sql: Sql,
  { installationId, repositoryId, number }: OnIssue,
  textHash: string,
): Promise<boolean> {
  const rows = await sql.query(
    `SELECT FROM agent_runs WHERE installation_id = $1 AND repository_id = $2 AND agent = 'triage' AND subject = $3
       AND status = 'done' AND input->>'textHash' = $4 LIMIT 1`,
    [installationId, repositoryId, `issue:${number}`, textHash],
  );
  return rows.length > 0;
}

/** Counting beyond this limit does not change which terms are rare. */
const MOST_COUNTED = 2_000;
const MOST_CANDIDATES = 300;
const MOST_QUERY_TERMS = 80;

const Counted = z.object({ term: z.string(), count: z.coerce.number() });
const Found = z.object({ number: z.number(), title: z.string(), body: z.string() });

/** The most similar issues of the repository: candidates by the rarest terms, ordered by BM25. */
export async function similarIssues(sql: Sql, on: OnIssue, text: IssueText, most: number): Promise<readonly Ranked[]> {
  const all = termsOf(text);
  const query: Terms = new Map([...all].slice(0, MOST_QUERY_TERMS));
  const { installationId, repositoryId, number } = on;
  const scope = [installationId, repositoryId, number];
  const where = "installation_id = $1 AND repository_id = $2 AND number <> $3";
  const counted = await sql.query(
    `SELECT t.term, (SELECT count(*) FROM (SELECT FROM issue_openings WHERE ${where} AND terms @> ARRAY[t.term]
       LIMIT ${MOST_COUNTED}) counted) AS count FROM unnest($4::text[]) AS t(term)`,
    [...scope, [...query.keys()]],
  );
  const counts = new Map(counted.map((row) => Counted.parse(row)).map(({ term, count }) => [term, count]));
  const [size] = await sql.query(`SELECT count(*)::int AS count FROM issue_openings WHERE ${where}`, scope);
  const frequency = (term: string) => counts.get(term) ?? 0;
  const issues = z.number().parse(size?.["count"]);
  const rare = rarestTerms(query, { issues, averageLength: 1, frequency });
  if (rare.length === 0) return [];
  const rows = await sql.query(
    `SELECT number, title, left(body, 8000) AS body FROM issue_openings WHERE ${where} AND terms && $4::text[]
     ORDER BY cardinality(ARRAY(SELECT unnest(terms) INTERSECT SELECT unnest($4::text[]))) DESC, number DESC
     LIMIT ${MOST_CANDIDATES}`,
    [...scope, rare],
  );
  const candidates: Candidate[] = rows
    .map((row) => Found.parse(row))
    .map((found) => ({ number: found.number, terms: termsOf(found) }));
  const lengths = candidates.map(({ terms }) => terms.size);
  const averageLength = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length);
  const corpus: Corpus = { issues, averageLength, frequency };
  return rank(query, candidates, corpus)
    .filter(({ score }) => score > 0)
    .slice(0, most);
}
