import { z } from "zod";
import type { Sql } from "../store.js";

/** The headers of a delivery, and whether it can be processed again. */
export interface StoredDelivery {
  readonly id: string;
  readonly event: string;
  readonly status: string;
  readonly duplicateOf: string | null;
  readonly installationId: bigint | null;
  readonly headers: Readonly<Record<string, string | null>>;
}

const Row = z.object({
  id: z.string(),
  event: z.string(),
  status: z.string(),
  duplicate_of: z.string().nullable(),
  installation_id: z.coerce.bigint().nullable(),
  content_type: z.string(),
  hook_id: z.string().nullable(),
  target_type: z.string().nullable(),
  target_id: z.string().nullable(),
  user_agent: z.string().nullable(),
});

/** The delivery with this GUID and its headers, or null. */
export async function findDelivery(sql: Sql, guid: string): Promise<StoredDelivery | null> {
  const [found] = await sql.query(
    `SELECT id::text, event, status, duplicate_of, installation_id::text, content_type, hook_id, target_type, target_id, user_agent
     FROM deliveries WHERE guid = $1`,
    [guid],
  );
  if (!found) return null;
  const row = Row.parse(found);
  return {
    id: row.id,
    event: row.event,
    status: row.status,
    duplicateOf: row.duplicate_of,
    installationId: row.installation_id,
    headers: {
      "content-type": row.content_type,
      "user-agent": row.user_agent,
      "x-github-delivery": guid,
      "x-github-event": row.event,
      "x-github-hook-id": row.hook_id,
      "x-github-hook-installation-target-type": row.target_type,
      "x-github-hook-installation-target-id": row.target_id,
    },
  };
}

/**
 * Makes a finished delivery due again, with all its attempts. False: it is not finished. A processed delivery keeps its
 * outcome; a skipped one counts as new.
 */
export async function resetDelivery(sql: Sql, guid: string): Promise<boolean> {
  const rows = await sql.query(
    `UPDATE deliveries SET status = 'received', attempts = 0, run_at = NULL, locked_until = NULL, locked_by = NULL, processed_at = NULL,
       outcome = CASE WHEN status = 'skipped' THEN NULL ELSE outcome END
     WHERE guid = $1 AND status IN ('processed', 'skipped', 'failed') RETURNING 1`,
    [guid],
  );
  return rows.length > 0;
}
