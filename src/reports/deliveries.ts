import { z } from "zod";
import type { Scope } from "../store/scope.js";
import type { Sql } from "../store/store.js";
import { type Condition, type Listing, listRows, type Page, type Wanted } from "./listing.js";

const Row = z
  .object({
    id: z.coerce.bigint(),
    at: z.date(),
    guid: z.string(),
    event: z.string(),
    action: z.string().nullable(),
    status: z.string(),
    reason: z.string().nullable(),
    error: z.string().nullable(),
    attempts: z.number(),
    body_bytes: z.number(),
    subject: z.string().nullable(),
    sender_login: z.string().nullable(),
    full_name: z.string().nullable(),
    installation_id: z.coerce.bigint().nullable(),
    processed_at: z.date().nullable(),
    duplicate_of: z.string().nullable(),
  })
  .transform(({ full_name: repository, ...row }) => ({ ...row, repository }));
/** A delivery in a list. */
export type ListedDelivery = z.output<typeof Row>;

const LISTING: Listing<ListedDelivery> = {
  table: "deliveries",
  at: "received_at",
  columns: `t.guid, t.event, t.action, t.status, t.reason, left(t.error, 500) AS error, t.attempts, t.body_bytes, t.subject, t.sender_login,
    t.installation_id::text, t.processed_at, t.duplicate_of, r.full_name`,
  joins: "LEFT JOIN repositories r ON r.id = t.repository_id",
  row: Row,
  repository: "repository_id",
  ownerless: true,
};

/** The filters of a search for deliveries; undefined filters are ignored. */
export interface DeliveryFilter {
  readonly event?: string | undefined;
  readonly action?: string | undefined;
  /** `owner/name`. */
  readonly repository?: string | undefined;
  readonly number?: number | undefined;
  readonly guid?: string | undefined;
  /** A login. */
  readonly sender?: string | undefined;
  readonly status?: readonly string[] | undefined;
  /** Part of the reason or of the error. */
  readonly text?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

export function listDeliveries(
  sql: Sql,
  scope: Scope,
  filter: DeliveryFilter,
  wanted: Wanted,
): Promise<Page<ListedDelivery>> {
  const exact: Condition[] = [];
  const filters: Condition[] = [];
  const { event, action, repository, number, guid, sender, status, text, from, to } = filter;
  if (guid !== undefined) exact.push({ sql: "t.guid = ?", value: guid.toLowerCase() });
  if (from !== undefined) exact.push({ sql: "t.received_at >= ?::timestamptz", value: from });
  if (to !== undefined) exact.push({ sql: "t.received_at <= ?::timestamptz", value: to });
  if (repository !== undefined)
    exact.push({
      sql: "t.repository_id IN (SELECT id FROM repositories WHERE lower(full_name) = lower(?))",
      value: repository,
    });
  // The index of subjects starts with the repository.
  if (number !== undefined && repository === undefined)
    exact.push({ sql: "t.repository_id IN (SELECT id FROM repositories WHERE ?)", value: true });
  if (number !== undefined)
    exact.push({ sql: "t.subject = ANY (?::text[])", value: [`issue:${number}`, `pull_request:${number}`] });
  if (event !== undefined) filters.push({ sql: "t.event = ?", value: event });
  if (sender !== undefined) filters.push({ sql: "lower(t.sender_login) = lower(?)", value: sender });
  if (action !== undefined) filters.push({ sql: "t.action = ?", value: action });
  // The partial index of failed deliveries needs the word itself.
  if (status?.length === 1 && status[0] === "failed") exact.push({ sql: "t.status = 'failed' AND ?", value: true });
  else if (status !== undefined) filters.push({ sql: "t.status = ANY (?::text[])", value: [...status] });
  if (text !== undefined)
    filters.push({ sql: "(t.reason ILIKE ? OR t.error ILIKE ?)", value: `%${text.replaceAll(/[%_\\]/g, "\\$&")}%` });
  return listRows(sql, scope, LISTING, wanted, { exact, filters });
}
