// SQL by hand: the ledger knows the incident issues, by the beginning of their target.
import { z } from "zod";
import type { Incident } from "../../agents/deployment/report.js";
import type { Sql } from "../store.js";

const Row = z
  .object({ key: z.string(), state: z.enum(["open", "closed"]), at: z.date() })
  .transform(({ key, state, at }): Incident => ({ key, state, changedAt: at }));

/** The incident issue that was changed last, of those whose key begins so; null: there is none. */
export async function lastIncident(
  sql: Sql,
  { installationId, repositoryId }: { readonly installationId: bigint; readonly repositoryId: bigint },
  prefix: string,
): Promise<Incident | null> {
  const [row] = await sql.query(
    `SELECT request->>'incident' AS key, request->>'state' AS state, coalesce(finished_at, created_at) AS at
     FROM effects WHERE installation_id = $1 AND repository_id = $2 AND kind = 'issue'
       AND starts_with(target, 'incident:' || $3) AND status IN ('done', 'adopted') ORDER BY id DESC LIMIT 1`,
    [installationId, repositoryId, prefix],
  );
  return row ? Row.parse(row) : null;
}
