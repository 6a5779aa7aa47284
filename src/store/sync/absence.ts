import { storableJson } from "../../text/storable.js";
import { z } from "zod";
import type { Sql } from "../store.js";

/** Rows that no longer exist at GitHub. */
export type Absence =
  /** A complete list of a repository, or of a conversation, shows only these. */
  | {
      readonly table: "deployments" | "releases";
      readonly repositoryId: number;
      readonly present: readonly number[];
    }
  | {
      readonly table: "issue_comments";
      readonly repositoryId: number;
      readonly issueNumber: number;
      readonly present: readonly number[];
    }
  /** A complete reading of a repository's comments began then, and did not show the others. */
  | { readonly table: "issue_comments"; readonly repositoryId: number; readonly notSeenSince: Date }
  /** A paged list that did not show these; reading them one by one did not find them either. */
  | {
      readonly table: "deployments" | "releases";
      readonly repositoryId: number;
      readonly notSeenSince: Date;
      readonly among: readonly number[];
    }
  /** Read one by one: deleted, or moved to `transferredTo` (`owner/name#number`). */
  | {
      readonly table: "issues" | "pull_requests";
      readonly repositoryId: number;
      readonly gone: readonly { readonly id: number; readonly transferredTo: string | null }[];
    };

/**
 * Marks rows as deleted. A row that changed after the reading began may be newer than the reading, and stays.
 * @returns how many.
 */
export async function markAbsentDeleted(sql: Sql, absence: Absence, observedAt: Date): Promise<number> {
  const { table, repositoryId } = absence;
  if ("gone" in absence) return markGoneDeleted(sql, absence, observedAt);
  const [condition, values] = conditionOf(absence);
  const rows = await sql.query(
    `UPDATE ${table} SET deleted_at = $2 WHERE repository_id = $1 AND deleted_at IS NULL AND updated_at < $3
       AND COALESCE(observed_at, '-infinity') < $3 AND ${condition} RETURNING id::text AS id`,
    [repositoryId, observedAt, "notSeenSince" in absence ? absence.notSeenSince : observedAt, ...values],
  );
  if (table === "deployments")
    await markStatusesDeleted(
      sql,
      rows.map((row) => row["id"]),
      observedAt,
    );
  return rows.length;
}

/** GitHub deletes the statuses with their deployment, and sends no deliveries for them. */
export async function markStatusesDeleted(sql: Sql, deploymentIds: readonly unknown[], at: Date): Promise<void> {
  if (deploymentIds.length === 0) return;
  await sql.query(
    "UPDATE deployment_statuses SET deleted_at = $2 WHERE deployment_id = ANY($1::bigint[]) AND deleted_at IS NULL",
    [deploymentIds, at],
  );
}

function conditionOf(absence: Exclude<Absence, { readonly gone: unknown }>): readonly [string, readonly unknown[]] {
  if ("among" in absence) return ["id = ANY($4::bigint[])", [absence.among]];
  if ("notSeenSince" in absence) return ["true", []];
  if ("issueNumber" in absence)
    return ["NOT id = ANY($4::bigint[]) AND issue_number = $5", [absence.present, absence.issueNumber]];
  return ["NOT id = ANY($4::bigint[])", [absence.present]];
}

const Buried = z.object({ number: z.int() });

async function markGoneDeleted(
  sql: Sql,
  { table, repositoryId, gone }: Extract<Absence, { readonly gone: unknown }>,
  observedAt: Date,
): Promise<number> {
  const moved = table === "issues" ? ", transferred_to = i.transferred_to" : "";
  const rows = await sql.query(
    `UPDATE ${table} t SET deleted_at = $3${moved}
     FROM jsonb_to_recordset($2::jsonb) AS i(id bigint, transferred_to text)
     WHERE t.id = i.id AND t.repository_id = $1 AND t.deleted_at IS NULL RETURNING t.number`,
    [repositoryId, storableJson(gone.map((each) => ({ id: each.id, transferred_to: each.transferredTo }))), observedAt],
  );
  if (table === "issues")
    await sql.query("DELETE FROM linked_issues WHERE issue_id = ANY($1::bigint[])", [gone.map((each) => each.id)]);
  // GitHub deletes the comments with their conversation, and sends no deliveries for them.
  const numbers = rows.map((row) => Buried.parse(row).number);
  if (numbers.length > 0)
    await sql.query(
      `UPDATE issue_comments SET deleted_at = $3
       WHERE repository_id = $1 AND issue_number = ANY($2::int[]) AND deleted_at IS NULL`,
      [repositoryId, numbers, observedAt],
    );
  return rows.length;
}
