// The live deployment of each environment. SQL by hand, because one index step finds each environment.
import { z } from "zod";
import type { Sql } from "../store.js";

/** How far back the live deployment of an environment is searched. */
const SEARCHED = 50;

/**
 * The state of a deployment from its statuses `s`: the latest except `inactive`, which GitHub adds when a newer
 * deployment succeeds. Also its first success, from which on it ran.
 */
export const STATE_COLUMNS = `
  (array_agg(s.state ORDER BY s.created_at DESC, s.id DESC) FILTER (WHERE s.state <> 'inactive'))[1] AS state,
  max(s.created_at) FILTER (WHERE s.state <> 'inactive') AS state_at,
  min(s.created_at) FILTER (WHERE s.state = 'success') AS succeeded_at`;

/** The same of one deployment `d`, for a LATERAL join. */
export const STATE_OF = `
SELECT ${STATE_COLUMNS} FROM deployment_statuses s
WHERE s.installation_id = d.installation_id AND s.deployment_id = d.id AND s.deleted_at IS NULL`;

const ENVIRONMENTS = `
SELECT r.full_name, e.environment, live.id::text AS live_id, live.sha AS live_sha, live.ref AS live_ref, live.succeeded_at AS live_since,
  live.creator_login AS live_creator, last.id::text AS last_id, last.sha AS last_sha, last.state AS last_state, last.created_at AS last_at,
  COALESCE(last.production_environment, lower(e.environment) IN ('production', 'prod')) AS production
FROM (SELECT DISTINCT d.repository_id, d.environment FROM deployments d WHERE d.deleted_at IS NULL
    AND ($1::text IS NULL OR d.repository_id IN (SELECT id FROM repositories WHERE lower(full_name) = lower($1)))
    AND ($2::text IS NULL OR lower(d.environment) = lower($2))) e
  JOIN repositories r ON r.id = e.repository_id AND r.deleted_at IS NULL
  JOIN LATERAL (SELECT d.id, d.sha, d.created_at, d.production_environment, d.transient_environment, s.state
    FROM deployments d CROSS JOIN LATERAL (${STATE_OF}) s
    WHERE d.repository_id = e.repository_id AND d.environment = e.environment AND d.deleted_at IS NULL
    ORDER BY d.created_at DESC, d.id DESC LIMIT 1) last ON true
  LEFT JOIN LATERAL (SELECT d.*, s.succeeded_at FROM (SELECT d.* FROM deployments d
      WHERE d.repository_id = e.repository_id AND d.environment = e.environment AND d.deleted_at IS NULL
      ORDER BY d.created_at DESC, d.id DESC LIMIT ${SEARCHED}) d CROSS JOIN LATERAL (${STATE_OF}) s
    WHERE s.state = 'success' ORDER BY s.succeeded_at DESC, d.id DESC LIMIT 1) live ON true
WHERE last.transient_environment IS NOT TRUE
ORDER BY lower(r.full_name), production DESC, lower(e.environment) LIMIT $3`;

const Row = z
  .object({
    full_name: z.string(),
    environment: z.string(),
    production: z.boolean(),
    live_id: z.coerce.bigint().nullable(),
    live_sha: z.string().nullable(),
    live_ref: z.string().nullable(),
    live_since: z.date().nullable(),
    live_creator: z.string().nullable(),
    last_id: z.coerce.bigint(),
    last_sha: z.string(),
    last_state: z.string().nullable(),
    last_at: z.date(),
  })
  .transform((row) => ({
    repository: row.full_name,
    environment: row.environment,
    production: row.production,
    live:
      row.live_id === null || row.live_sha === null || row.live_since === null
        ? null
        : {
            id: row.live_id,
            sha: row.live_sha,
            ref: row.live_ref ?? "",
            since: row.live_since,
            creator: row.live_creator,
          },
    last: { id: row.last_id, sha: row.last_sha, state: row.last_state ?? "pending", at: row.last_at },
  }));

/** An environment: the deployment that runs there, and the latest attempt. `live` null: none of the last 50 succeeded. */
export type EnvironmentNow = z.output<typeof Row>;

/** Every permanent environment of the visible repositories, production first. */
export async function environmentsNow(
  sql: Sql,
  {
    repository = null,
    environment = null,
    limit = 200,
  }: {
    readonly repository?: string | null;
    readonly environment?: string | null;
    readonly limit?: number;
  },
): Promise<readonly EnvironmentNow[]> {
  const rows = await sql.query(ENVIRONMENTS, [repository, environment, limit]);
  return rows.map((row) => Row.parse(row));
}
