// SQL by hand: deployments with their statuses in one statement, and the stored facts about one commit.
import { z } from "zod";
import type { Deployed } from "../../agents/deployment/state.js";
import type { Sql } from "../store.js";

interface InRepository {
  readonly installationId: bigint;
  readonly repositoryId: bigint;
}

const Row = z
  .object({
    id: z.coerce.bigint(),
    sha: z.string(),
    environment: z.string(),
    created_at: z.date(),
    states: z.array(z.string()),
    times: z.array(z.date()),
  })
  .transform(({ id, sha, environment, created_at: createdAt, states, times }): Deployed => ({
    id,
    sha,
    environment,
    createdAt,
    statuses: states.flatMap((state, index) => {
      const at = times[index];
      return at === undefined ? [] : [{ state, at }];
    }),
  }));

const COLUMNS = `d.id::text, d.sha, d.environment, d.created_at,
  ARRAY(SELECT s.state FROM deployment_statuses s WHERE s.deployment_id = d.id AND s.installation_id = d.installation_id
    AND s.deleted_at IS NULL ORDER BY s.created_at, s.id) AS states,
  ARRAY(SELECT s.created_at FROM deployment_statuses s WHERE s.deployment_id = d.id AND s.installation_id = d.installation_id
    AND s.deleted_at IS NULL ORDER BY s.created_at, s.id) AS times`;

/** Deployments of an environment, newest first. */
export async function deploymentsOf(
  sql: Sql,
  { installationId, repositoryId }: InRepository,
  environment: string,
  most: number,
): Promise<readonly Deployed[]> {
  const rows = await sql.query(
    `SELECT ${COLUMNS} FROM deployments d WHERE d.installation_id = $1 AND d.repository_id = $2 AND d.environment = $3
       AND d.deleted_at IS NULL ORDER BY d.created_at DESC, d.id DESC LIMIT $4`,
    [installationId, repositoryId, environment, most],
  );
  return rows.map((row) => Row.parse(row));
}

/** One deployment; null: it is not stored. */
export async function findDeployment(sql: Sql, installationId: bigint, id: bigint): Promise<Deployed | null> {
  const [row] = await sql.query(
    `SELECT ${COLUMNS} FROM deployments d WHERE d.installation_id = $1 AND d.id = $2 AND d.deleted_at IS NULL`,
    [installationId, id],
  );
  return row ? Row.parse(row) : null;
}

/** The environments that were ever deployed to. */
export async function environmentsOf(
  sql: Sql,
  { installationId, repositoryId }: InRepository,
): Promise<readonly string[]> {
  const rows = await sql.query(
    `SELECT DISTINCT environment FROM deployments WHERE installation_id = $1 AND repository_id = $2 AND deleted_at IS NULL
     ORDER BY environment LIMIT 100`,
    [installationId, repositoryId],
  );
  return rows.map((row) => z.string().parse(row["environment"]));
}

const Pull = z
  .object({
    number: z.int(),
    state: z.string(),
    merged: z.boolean(),
    head_sha: z.string(),
    head_ref: z.string(),
    merge_commit_sha: z.string().nullable(),
    head_repository_id: z.coerce.bigint().nullable(),
    author_login: z.string().nullable(),
  })
  .transform((row) => ({
    number: row.number,
    state: row.state,
    merged: row.merged,
    headSha: row.head_sha,
    headRef: row.head_ref,
    mergeSha: row.merge_commit_sha,
    headRepositoryId: row.head_repository_id,
    author: row.author_login,
  }));
export type DeployablePull = z.output<typeof Pull>;

const PULL = `number, state, merged, head_sha, head_ref, merge_commit_sha, head_repository_id::text, author_login
  FROM pull_requests WHERE installation_id = $1 AND repository_id = $2 AND deleted_at IS NULL`;

/** Null: not stored. */
export async function pullNumbered(
  sql: Sql,
  { installationId, repositoryId }: InRepository,
  number: number,
): Promise<DeployablePull | null> {
  const [row] = await sql.query(`SELECT ${PULL} AND number = $3`, [installationId, repositoryId, number]);
  return row ? Pull.parse(row) : null;
}

/** Pull requests that end in one of these commits: as their head, or as the commit that merged them. */
export async function pullsEndingIn(
  sql: Sql,
  { installationId, repositoryId }: InRepository,
  shas: readonly string[],
): Promise<readonly DeployablePull[]> {
  const rows = await sql.query(
    `SELECT ${PULL} AND (head_sha = ANY($3) OR (merged AND merge_commit_sha = ANY($3))) ORDER BY number`,
    [installationId, repositoryId, [...shas]],
  );
  return rows.map((row) => Pull.parse(row));
}

/** Whether a branch of the repository was once pushed to this very commit. */
export async function wasPushed(
  sql: Sql,
  { installationId, repositoryId }: InRepository,
  sha: string,
): Promise<boolean> {
  const rows = await sql.query(
    `SELECT FROM pushes WHERE installation_id = $1 AND repository_id = $2 AND after = $3 AND ref_type = 'branch' LIMIT 1`,
    [installationId, repositoryId, sha],
  );
  return rows.length > 0;
}

/** Stored commits whose id begins with this; two are enough to show an ambiguity. */
export async function commitsLike(
  sql: Sql,
  { installationId, repositoryId }: InRepository,
  prefix: string,
): Promise<readonly string[]> {
  const rows = await sql.query(
    `SELECT sha FROM commits WHERE installation_id = $1 AND repository_id = $2 AND sha >= $3 AND sha < $4 LIMIT 2`,
    [installationId, repositoryId, prefix, `${prefix}g`],
  );
  return rows.map((row) => z.string().parse(row["sha"]));
}

/** The newest head that a branch was pushed to at this time or later; null: it was not pushed to. */
export async function pushedSince(
  sql: Sql,
  { installationId, repositoryId }: InRepository,
  branch: string,
  since: Date,
): Promise<string | null> {
  const [row] = await sql.query(
    `SELECT after FROM pushes WHERE installation_id = $1 AND repository_id = $2 AND ref = $3 AND pushed_at >= $4
     ORDER BY pushed_at DESC LIMIT 1`,
    [installationId, repositoryId, `refs/heads/${branch}`, since],
  );
  return row ? z.string().parse(row["after"]) : null;
}

/**
 * People whose last review of the pull request approves this head, without its author and bots. Whether they have write
 * access is checked elsewhere.
 */
export async function approversOf(
  sql: Sql,
  { installationId, repositoryId }: InRepository,
  { number, headSha }: Pick<DeployablePull, "number" | "headSha">,
): Promise<readonly string[]> {
  const rows = await sql.query(
    `SELECT DISTINCT ON (lower(v.author_login)) v.author_login, lower(v.state) AS state, v.commit_id
     FROM reviews v JOIN pull_requests p ON p.id = v.pull_request_id LEFT JOIN users u ON u.id = v.author_id
     WHERE p.installation_id = $1 AND p.repository_id = $2 AND p.number = $3 AND v.deleted_at IS NULL
       AND v.author_login IS NOT NULL AND v.author_login IS DISTINCT FROM p.author_login AND coalesce(u.type, 'User') <> 'Bot'
       AND lower(v.state) IN ('approved', 'changes_requested', 'dismissed')
     ORDER BY lower(v.author_login), v.submitted_at DESC NULLS LAST, v.id DESC`,
    [installationId, repositoryId, number],
  );
  const Review = z.object({ author_login: z.string(), state: z.string(), commit_id: z.string().nullable() });
  return rows
    .map((row) => Review.parse(row))
    .filter(({ state, commit_id: sha }) => state === "approved" && sha === headSha)
    .map(({ author_login: login }) => login);
}

/** When a comment was written; null: it was deleted. */
export async function commentWrittenAt(sql: Sql, installationId: bigint, id: bigint): Promise<Date | null> {
  const [row] = await sql.query(
    "SELECT created_at FROM issue_comments WHERE installation_id = $1 AND id = $2 AND deleted_at IS NULL",
    [installationId, id],
  );
  return row ? z.date().parse(row["created_at"]) : null;
}
