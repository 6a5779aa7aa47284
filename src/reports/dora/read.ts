// The rows of the figures. SQL by hand, because whole histories are read at once.
import { z } from "zod";
import { STATE_COLUMNS } from "../../store/deployments/environments.js";
import type { Sql } from "../../store/store.js";
import { type CommitRow, type DeploymentRow, type DoraRows, type IncidentRow, type PullRow } from "./rows.js";

export interface Wanted {
  /** Only these repositories; null: every visible one. */
  readonly repositories: readonly bigint[] | null;
  /** Labels that mark an issue as an incident report, in lower case. */
  readonly incidentLabels: readonly string[];
  /** Whether the files of commits are needed, because a service has paths. */
  readonly files: boolean;
}

const ms = (column: string): string => `round(date_part('epoch', ${column}) * 1000)`;
const wanted = (column: string): string => `($1::bigint[] IS NULL OR ${column} = ANY ($1::bigint[]))`;

const DEPLOYMENTS = `
SELECT d.id::float8 AS id, d.repository_id::float8 AS repository, d.environment, d.sha, d.ref, ${ms("d.created_at")} AS created_at,
  COALESCE(d.workflow_run_id, s.run)::float8 AS run, d.payload ->> 'service' AS service,
  COALESCE(d.payload ->> 'hotfix', 'false') NOT IN ('false', '0', '') AS hotfix, d.payload ->> 'fixes' AS fixes,
  s.state, ${ms("s.state_at")} AS state_at, ${ms("s.succeeded_at")} AS succeeded_at
FROM deployments d LEFT JOIN (
  SELECT s.deployment_id, ${STATE_COLUMNS},
    max(CASE WHEN COALESCE(s.log_url, s.target_url) LIKE '%/actions/runs/%'
      THEN substring(COALESCE(s.log_url, s.target_url) from '/actions/runs/(\\d{1,15})')::bigint END) AS run
  FROM deployment_statuses s WHERE s.deleted_at IS NULL AND ${wanted("s.repository_id")} GROUP BY s.deployment_id
) s ON s.deployment_id = d.id
WHERE d.deleted_at IS NULL AND ${wanted("d.repository_id")}`;

const COMMITS = `
SELECT c.repository_id::float8 AS repository, c.sha, c.parents, ${ms("c.authored_at")} AS authored_at,
  ${ms("c.committed_at")} AS committed_at,
  CASE WHEN c.message LIKE '%everts %' OR c.message LIKE '%cherry picked%' THEN c.message END AS message,
  CASE WHEN $2::boolean THEN NULLIF(c.added || c.modified || c.removed, '{}') END AS files
FROM commits c WHERE ${wanted("c.repository_id")}
  AND ($1::bigint[] IS NOT NULL OR c.repository_id IN (SELECT d.repository_id FROM deployments d))`;

const PULLS = `
SELECT p.repository_id::float8 AS repository, p.number, p.head_sha, p.head_ref, p.merge_commit_sha, ${ms("p.merged_at")} AS merged_at,
  p.commits, ARRAY(SELECT l.name FROM pull_request_labels l WHERE l.pull_request_id = p.id ORDER BY l.name) AS labels,
  CASE WHEN p.title LIKE 'Revert %' THEN substring(p.body from '^Reverts (?:[\\w.-]+/[\\w.-]+)?#(\\d{1,9})')::int END AS reverts
FROM pull_requests p WHERE p.merged AND p.merged_at IS NOT NULL AND p.deleted_at IS NULL AND ${wanted("p.repository_id")}
  AND ($1::bigint[] IS NOT NULL OR p.repository_id IN (SELECT d.repository_id FROM deployments d))
ORDER BY p.merged_at, p.number`;

const INCIDENTS = `
SELECT i.repository_id::float8 AS repository, i.number, ${ms("i.created_at")} AS opened_at, ${ms("i.closed_at")} AS closed_at,
  left(i.title || E'\\n' || COALESCE(i.body, ''), 20000) AS text
FROM issues i WHERE i.deleted_at IS NULL AND ${wanted("i.repository_id")}
  AND EXISTS (SELECT FROM issue_labels l WHERE l.issue_id = i.id AND lower(l.name) = ANY ($2::text[]))`;

const number = z.number();
const maybe = z.number().nullable();
const text = z.string().nullable();
const Deployment = z.object({
  id: number,
  repository: number,
  environment: z.string(),
  sha: z.string(),
  ref: z.string(),
  created_at: number,
  run: maybe,
  service: text,
  hotfix: z.boolean(),
  fixes: text,
  state: text,
  state_at: maybe,
  succeeded_at: maybe,
});
const Commit = z.object({
  repository: number,
  sha: z.string(),
  parents: z.array(z.string()).nullable(),
  authored_at: maybe,
  committed_at: maybe,
  message: text,
  files: z.array(z.string()).nullable(),
});
const Pull = z.object({
  repository: number,
  number,
  head_sha: z.string(),
  head_ref: z.string(),
  merge_commit_sha: text,
  merged_at: number,
  commits: maybe,
  labels: z.array(z.string()),
  reverts: maybe,
});
const Incident = z.object({ repository: number, number, opened_at: number, closed_at: maybe, text: z.string() });

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The results in this order: deployments, commits, pull requests, incidents. */
function statementsOf({ repositories, incidentLabels, files }: Wanted) {
  const only = repositories === null ? null : repositories.map(String);
  return [
    { text: DEPLOYMENTS, values: [only] },
    { text: COMMITS, values: [only, files] },
    { text: PULLS, values: [only] },
    { text: INCIDENTS, values: [only, incidentLabels] },
  ] as const;
}

/** The complete input of the figures of some repositories. */
export async function readRows(sql: Sql, given: Wanted): Promise<DoraRows> {
  const [first, second, third, fourth] = statementsOf(given);
  const read = async <T>({ text: statement, values }: Statement, parse: (row: unknown) => T): Promise<readonly T[]> =>
    (await sql.query(statement, values)).map(parse);
  // One after the other, because a request uses one connection.
  return {
    deployments: await read(first, (row) => deploymentOf(Deployment.parse(row))),
    commits: await read(second, (row) => commitOf(Commit.parse(row))),
    pulls: await read(third, (row) => pullOf(Pull.parse(row))),
    incidents: await read(fourth, (row) => incidentOf(Incident.parse(row))),
  };
}

function deploymentOf(row: z.output<typeof Deployment>): DeploymentRow {
  const { id, created_at: createdAt, state_at: stateAt, succeeded_at: succeededAt, ...rest } = row;
  return { ...rest, key: `github:${id}`, order: id, createdAt, stateAt, succeededAt };
}

function commitOf({ authored_at: authoredAt, committed_at: committedAt, ...row }: z.output<typeof Commit>): CommitRow {
  return { ...row, authoredAt, committedAt };
}

function pullOf(row: z.output<typeof Pull>): PullRow {
  const { head_sha: headSha, head_ref: headRef, merge_commit_sha: mergeSha, merged_at: mergedAt, ...rest } = row;
  return { ...rest, headSha, headRef, mergeSha, mergedAt };
}

const NAMED_DEPLOYMENT = /\bdeployments?[\s/:#=]{1,3}(\d{1,15})\b/gi;
const NAMED_SHA = /\b[0-9a-f]{40}\b/g;
const NAMED_PULL = /\bcaused by #(\d{1,9})\b/gi;

function incidentOf(row: z.output<typeof Incident>): IncidentRow {
  const { repository, number: issue, opened_at: openedAt, closed_at: closedAt, text: said } = row;
  const numbers = (pattern: RegExp): number[] => [...said.matchAll(pattern)].map(([, id]) => Number(id));
  return {
    repository,
    number: issue,
    openedAt,
    closedAt,
    deployments: numbers(NAMED_DEPLOYMENT),
    shas: [...said.matchAll(NAMED_SHA)].map(([sha]) => sha),
    pulls: numbers(NAMED_PULL),
  };
}
