import { z } from "zod";
import type { Sql } from "../store.js";

/** Tables that are compared with lists of versions, and the version column of each. */
const VERSION_COLUMNS = {
  pull_requests: "core_updated_at",
  issues: "updated_at",
  deployments: "updated_at",
  releases: "updated_at",
} as const;
export type VersionedTable = keyof typeof VERSION_COLUMNS;

/** A conversation that was read alone lacks its reviews, links and comments. */
const WHOLE = "CASE WHEN alone_at >= observed_at THEN NULL ELSE observed_at END";
const OBSERVED: Readonly<Record<VersionedTable, string>> = {
  pull_requests: WHOLE,
  issues: WHOLE,
  deployments: "observed_at",
  releases: "observed_at",
};

const Row = z.object({ id: z.coerce.number(), at: z.date(), observed_at: z.date().nullable(), deleted: z.boolean() });

/** An item at GitHub: its number, and the version that a list gives. */
export interface Listed {
  readonly id: number;
  readonly updatedAt: string;
}

/** The largest assumed difference between GitHub's clock and the database's. */
const SKEW_MS = 5_000;

/**
 * Whether a row may differ from GitHub's content of that version. A version is a whole second: a webhook may have shown
 * an earlier content of that second. Only a read that began later is certain.
 */
export function mayBeStale(row: { readonly at: Date; readonly observed_at: Date | null }, updatedAt: string): boolean {
  const stored = row.at.toISOString();
  if (stored !== updatedAt) return stored < updatedAt;
  return row.observed_at === null || row.observed_at.getTime() < row.at.getTime() + SKEW_MS;
}

/** The listed items that are not stored, or whose row may be outdated. A deleted row counts as stored. */
export async function staleOf<L extends Listed>(
  sql: Sql,
  table: VersionedTable,
  listed: readonly L[],
): Promise<readonly L[]> {
  if (listed.length === 0) return [];
  const rows = await sql.query(
    `SELECT id::text AS id, ${VERSION_COLUMNS[table]} AS at, ${OBSERVED[table]} AS observed_at,
       deleted_at IS NOT NULL AS deleted
     FROM ${table} WHERE id = ANY($1::bigint[])`,
    [listed.map(({ id }) => id)],
    `sync-versions-${table}`,
  );
  const stored = new Map(rows.map((row) => Row.parse(row)).map((row) => [row.id, row]));
  return listed.filter(({ id, updatedAt }) => {
    const row = stored.get(id);
    return !row || (!row.deleted && mayBeStale(row, updatedAt));
  });
}

/** A range of a repository's list by creation time, latest first; a null bound is open. */
export interface Stretch {
  readonly before: { readonly createdAt: string; readonly id: number } | null;
  readonly from: { readonly createdAt: string; readonly id: number } | null;
}

const Unlisted = z.object({ id: z.coerce.number(), called: z.int(), created_at: z.date() });

/**
 * Rows of the range that the list does not show, in order, at most `limit`. Items created after `readAt` are expected
 * to be missing.
 */
export async function unlisted(
  sql: Sql,
  table: "pull_requests" | "issues",
  repositoryId: number,
  stretch: Stretch,
  { listed, readAt, limit }: { readonly listed: readonly number[]; readonly readAt: Date; readonly limit: number },
): Promise<readonly z.infer<typeof Unlisted>[]> {
  const { before, from } = stretch;
  const rows = await sql.query(
    `SELECT id::text AS id, number AS called, created_at FROM ${table} WHERE repository_id = $1 AND deleted_at IS NULL
       AND NOT id = ANY($2::bigint[]) AND created_at < $3
       AND ($4::timestamptz IS NULL OR (created_at, id) < ($4, $5::bigint))
       AND ($6::timestamptz IS NULL OR (created_at, id) >= ($6, $7::bigint)) ORDER BY created_at DESC, id DESC LIMIT $8`,
    [repositoryId, listed, readAt, before?.createdAt, before?.id, from?.createdAt, from?.id, limit],
  );
  return rows.map((row) => Unlisted.parse(row));
}
