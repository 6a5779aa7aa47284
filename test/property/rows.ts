import type { Sql } from "../../src/store/store.js";

const time = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
const live = "t.installation_id = $1 AND t.deleted_at IS NULL AND r.deleted_at IS NULL AND r.access_removed_at IS NULL";
const names = (select: string) => `COALESCE((SELECT array_agg(x ORDER BY x COLLATE "C") FROM (${select}) s(x)), '{}')`;

/** The rows of an installation, shaped as the organisation's own dump is; only what is not deleted and still seen. */
const QUERIES = {
  repositories: `SELECT t.id::int, node_id, full_name, name, owner_login AS owner, visibility, private, archived, description,
      default_branch, ${time("created_at")} AS created_at, ${time("updated_at")} AS updated_at, ${time("pushed_at")} AS pushed_at
    FROM repositories t WHERE t.installation_id = $1 AND t.deleted_at IS NULL AND t.access_removed_at IS NULL ORDER BY t.id`,
  pull_requests: `SELECT t.id::int, t.node_id, t.repository_id::int, t.number, t.title, t.body, t.state, t.locked, t.author_login AS author,
      ${names("SELECT name FROM pull_request_labels l WHERE l.pull_request_id = t.id")} AS labels,
      ${names("SELECT login FROM assignees a WHERE a.subject_type = 'pull_request' AND a.subject_id = t.id")} AS assignees,
      ${time("t.created_at")} AS created_at, ${time("t.updated_at")} AS updated_at, ${time("t.closed_at")} AS closed_at,
      t.draft, t.head_ref, t.head_sha, t.base_ref, t.base_sha, ${time("t.merged_at")} AS merged_at, t.merged_by_login AS merged_by,
      t.merge_commit_sha,
      ${names("SELECT reviewer_name FROM review_requests q WHERE q.pull_request_id = t.id AND reviewer_type = 'user'")} AS requested_reviewers,
      ${names("SELECT reviewer_name FROM review_requests q WHERE q.pull_request_id = t.id AND reviewer_type = 'team'")} AS requested_teams,
      t.additions, t.deletions, t.changed_files, t.commits
    FROM pull_requests t JOIN repositories r ON r.id = t.repository_id WHERE ${live} ORDER BY t.id`,
  reviews: `SELECT t.id::int, t.node_id, t.pull_request_id::int, t.author_login AS author, t.body, upper(t.state) AS state,
      t.commit_id AS commit_sha, ${time("t.submitted_at")} AS submitted_at
    FROM reviews t JOIN repositories r ON r.id = t.repository_id WHERE ${live} ORDER BY t.id`,
  issues: `SELECT t.id::int, t.node_id, t.repository_id::int, t.number, t.title, t.body, t.state, t.locked, t.author_login AS author,
      ${names("SELECT name FROM issue_labels l WHERE l.issue_id = t.id")} AS labels,
      ${names("SELECT login FROM assignees a WHERE a.subject_type = 'issue' AND a.subject_id = t.id")} AS assignees,
      ${time("t.created_at")} AS created_at, ${time("t.updated_at")} AS updated_at, ${time("t.closed_at")} AS closed_at, t.state_reason
    FROM issues t JOIN repositories r ON r.id = t.repository_id WHERE ${live} ORDER BY t.id`,
  comments: `SELECT t.id::int, t.node_id, t.repository_id::int, t.issue_number AS number, t.author_login AS author, t.body,
      ${time("t.created_at")} AS created_at, ${time("t.updated_at")} AS updated_at
    FROM issue_comments t JOIN repositories r ON r.id = t.repository_id WHERE ${live} ORDER BY t.id`,
  deployments: `SELECT t.id::int, t.node_id, t.repository_id::int, t.sha, t.ref, t.environment, t.task, t.description, t.creator_login AS creator,
      ${time("t.created_at")} AS created_at, ${time("t.updated_at")} AS updated_at
    FROM deployments t JOIN repositories r ON r.id = t.repository_id WHERE ${live} ORDER BY t.id`,
  deployment_statuses: `SELECT t.id::int, t.node_id, t.deployment_id::int, t.state, t.creator_login AS creator, t.description,
      t.environment_url, t.log_url, ${time("t.created_at")} AS created_at
    FROM deployment_statuses t JOIN repositories r ON r.id = t.repository_id WHERE ${live} ORDER BY t.id`,
  releases: `SELECT t.id::int, t.node_id, t.repository_id::int, t.tag_name, t.target_commitish AS target, t.name, t.body, t.draft, t.prerelease,
      t.author_login AS author, ${time("t.created_at")} AS created_at, ${time("t.published_at")} AS published_at,
      ${time("t.updated_at")} AS updated_at
    FROM releases t JOIN repositories r ON r.id = t.repository_id WHERE ${live} ORDER BY t.id`,
  labels: `SELECT DISTINCT t.id::int, t.repository_id::int, t.name, t.color, t.description
    FROM labels t JOIN repositories r ON r.id = t.repository_id
    WHERE t.installation_id = $1 AND r.deleted_at IS NULL AND r.access_removed_at IS NULL AND t.id IN (
      SELECT label_id FROM issue_labels l JOIN issues i ON i.id = l.issue_id WHERE i.deleted_at IS NULL
      UNION SELECT label_id FROM pull_request_labels) ORDER BY 1`,
  commits: `SELECT t.repository_id::int, t.sha, t.message, t.author_login AS author, ${time("t.committed_at")} AS committed_at, t.parents
    FROM commits t JOIN repositories r ON r.id = t.repository_id
    WHERE t.installation_id = $1 AND r.deleted_at IS NULL AND r.access_removed_at IS NULL`,
  pushes: `SELECT t.repository_id::int, t.ref, t.before, t.after, ${time("t.pushed_at")} AS pushed_at, t.truncated
    FROM pushes t JOIN repositories r ON r.id = t.repository_id
    WHERE t.installation_id = $1 AND r.deleted_at IS NULL AND r.access_removed_at IS NULL`,
  users: `SELECT t.id::int, t.login, t.type FROM users t ORDER BY t.id`,
} as const;

export type TableName = keyof typeof QUERIES;
export type Tables = Readonly<Record<TableName, readonly Readonly<Record<string, unknown>>[]>>;

export const TABLE_NAMES = [
  "repositories",
  "pull_requests",
  "reviews",
  "issues",
  "comments",
  "deployments",
  "deployment_statuses",
  "releases",
  "labels",
  "commits",
  "pushes",
  "users",
] as const satisfies readonly TableName[];

/** One table of the mirror, as it is stored. */
export function storedRows(sql: Sql, installationId: bigint, name: TableName) {
  return sql.query(QUERIES[name], QUERIES[name].includes("$1") ? [installationId] : []);
}

/** Every table of the mirror, as it is stored. */
export async function storedTables(sql: Sql, installationId: bigint): Promise<Tables> {
  const read = (name: TableName) => storedRows(sql, installationId, name);
  return {
    repositories: await read("repositories"),
    pull_requests: await read("pull_requests"),
    reviews: await read("reviews"),
    issues: await read("issues"),
    comments: await read("comments"),
    deployments: await read("deployments"),
    deployment_statuses: await read("deployment_statuses"),
    releases: await read("releases"),
    labels: await read("labels"),
    commits: await read("commits"),
    pushes: await read("pushes"),
    users: await read("users"),
  };
}
