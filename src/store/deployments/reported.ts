// SQL by hand: one statement that a tool may send again.
import { z } from "zod";
import type { Sql } from "../store.js";

/** What a tool reports of one of its deployments. */
export interface ReportedDeployment {
  readonly installationId: bigint;
  readonly repositoryId: bigint;
  /** The id that the tool gave it. */
  readonly externalId: string;
  readonly environment: string;
  readonly sha: string;
  readonly ref: string;
  readonly state: string;
  readonly at: Date;
  readonly service: string | null;
  readonly hotfix: boolean;
  readonly fixes: string | null;
  readonly url: string | null;
  readonly reportedBy: string;
}

/** An older report never replaces a newer one; the first success stays. */
const REPORT = `
INSERT INTO reported_deployments AS t (installation_id, repository_id, external_id, environment, sha, ref, state, service, hotfix,
  fixes, url, reported_by, created_at, state_at, succeeded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::timestamptz, $13, CASE WHEN $7 = 'success' THEN $13::timestamptz END)
ON CONFLICT (repository_id, external_id) DO UPDATE SET
  state = CASE WHEN excluded.state_at >= t.state_at THEN excluded.state ELSE t.state END,
  state_at = GREATEST(t.state_at, excluded.state_at),
  created_at = LEAST(t.created_at, excluded.created_at),
  succeeded_at = LEAST(t.succeeded_at, excluded.succeeded_at),
  hotfix = t.hotfix OR excluded.hotfix,
  fixes = COALESCE(t.fixes, excluded.fixes)
WHERE (t.sha, t.environment) = (excluded.sha, excluded.environment)
RETURNING t.id::text AS id, t.state`;

const Stored = z.object({ id: z.string(), state: z.string() });

/** Stores a report. Null: the id is known already, with another commit or environment. */
export async function reportDeployment(sql: Sql, given: ReportedDeployment): Promise<z.output<typeof Stored> | null> {
  const { installationId, repositoryId, externalId, environment, sha, ref, state, at } = given;
  const { service, hotfix, fixes, url, reportedBy } = given;
  const [row] = await sql.query(REPORT, [
    installationId,
    repositoryId,
    externalId,
    environment,
    sha,
    ref,
    state,
    service,
    hotfix,
    fixes,
    url,
    reportedBy,
    at,
  ]);
  return row === undefined ? null : Stored.parse(row);
}
