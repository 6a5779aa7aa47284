// Deployments that GitHub has no deployment for: SQL by hand, over releases, pushes and reports.
import { z } from "zod";
import type { DeploymentSource } from "../../agents/deployment/settings.js";
import type { Sql } from "../../store/store.js";
import type { DeploymentRow } from "./rows.js";

const ms = (column: string): string => `round(date_part('epoch', ${column}) * 1000)`;

/** The commit of a release is the one that its tag was pushed with; else the commit that it names. */
const RELEASES = `
SELECT 'release:' || t.id AS key, t.id::float8 AS number, t.repository_id::float8 AS repository, t.tag_name AS ref,
  COALESCE((SELECT p.head_sha FROM pushes p WHERE p.repository_id = t.repository_id AND p.ref = 'refs/tags/' || t.tag_name
    AND p.head_sha IS NOT NULL ORDER BY p.pushed_at DESC LIMIT 1), t.target_commitish, '') AS sha, ${ms("t.published_at")} AS at
FROM releases t WHERE t.repository_id = ANY ($1::bigint[]) AND t.published_at IS NOT NULL AND NOT t.draft AND NOT t.prerelease
  AND t.deleted_at IS NULL`;

const TAGS = `
SELECT 'tag:' || p.ref || '@' || p.after AS key, 0::float8 AS number, p.repository_id::float8 AS repository, p.ref, p.head_sha AS sha,
  ${ms("p.pushed_at")} AS at
FROM pushes p WHERE p.repository_id = ANY ($1::bigint[]) AND p.ref_type = 'tag' AND p.head_sha IS NOT NULL`;

const PUSHES = `
SELECT 'push:' || p.after || '@' || ${ms("p.pushed_at")} AS key, 0::float8 AS number, p.repository_id::float8 AS repository, p.ref,
  p.head_sha AS sha, ${ms("p.pushed_at")} AS at
FROM pushes p JOIN repositories r ON r.id = p.repository_id
WHERE p.repository_id = ANY ($1::bigint[]) AND p.ref = 'refs/heads/' || r.default_branch AND p.head_sha IS NOT NULL`;

const REPORTED = `
SELECT 'api:' || t.id AS key, t.id::float8 AS number, t.repository_id::float8 AS repository, t.environment, t.ref, t.sha,
  ${ms("t.created_at")} AS at, t.state, ${ms("t.state_at")} AS state_at, ${ms("t.succeeded_at")} AS succeeded_at, t.service,
  t.hotfix, t.fixes
FROM reported_deployments t WHERE t.repository_id = ANY ($1::bigint[])`;

const STATEMENTS: Readonly<Record<Exclude<DeploymentSource, "github">, string>> = {
  api: REPORTED,
  release: RELEASES,
  tag: TAGS,
  push: PUSHES,
};

const Row = z.object({
  key: z.string(),
  number: z.number(),
  repository: z.number(),
  ref: z.string(),
  sha: z.string(),
  at: z.number(),
  environment: z.string().default("production"),
  state: z.string().default("success"),
  /** Left out: it succeeded when it was made. */
  state_at: z.number().optional(),
  succeeded_at: z.number().nullable().optional(),
  service: z.string().nullable().default(null),
  hotfix: z.boolean().default(false),
  fixes: z.string().nullable().default(null),
});

/** GitHub's deployments of the repositories that use them, and what the sources of the others tell. */
export async function withSources(
  sql: Sql,
  deployments: readonly DeploymentRow[],
  repositories: readonly { readonly id: number; readonly source: DeploymentSource }[],
): Promise<readonly DeploymentRow[]> {
  const github = new Set(repositories.filter(({ source }) => source === "github").map(({ id }) => id));
  const others: DeploymentRow[] = [];
  for (const source of ["release", "tag", "push", "api"] as const) {
    const ids = repositories.filter((each) => each.source === source).map(({ id }) => String(id));
    if (ids.length === 0) continue;
    const rows = await sql.query(STATEMENTS[source], [ids]);
    others.push(...rows.map((row) => deploymentOf(Row.parse(row))));
  }
  return [...deployments.filter(({ repository }) => github.has(repository)), ...others];
}

function deploymentOf(row: z.output<typeof Row>): DeploymentRow {
  const { number, at, state_at: stateAt = at, succeeded_at: succeededAt = at, ...rest } = row;
  return { ...rest, order: number, createdAt: at, stateAt, succeededAt, run: null };
}
