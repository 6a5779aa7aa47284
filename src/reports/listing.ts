// Lists for people. SQL by hand, because each list reads an index by keyset and checks a bounded number of rows.
import { z } from "zod";
import { InvalidError } from "../errors.js";
import type { Scope } from "../store/scope.js";
import type { Sql } from "../store/store.js";

/** The position in a list: the time and id of the preceding row. */
export interface Cursor {
  readonly at: Date;
  readonly id: bigint;
}

export interface Wanted {
  readonly limit: number;
  readonly cursor: Cursor | null;
  readonly order: "newest" | "oldest";
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** The next position; null: the end. */
  readonly next: string | null;
  /** The time at which the search stopped before its page was full; null: all rows were searched. */
  readonly searchedTo: Date | null;
}

/** A condition on the table `t`; `?` is its value. */
export interface Condition {
  readonly sql: string;
  readonly value: unknown;
}

export interface Listing<Row> {
  readonly table: string;
  /** The timestamptz column that orders the list. */
  readonly at: string;
  /** The selected columns of `t` and `joins`, without `at` and `id`. */
  readonly columns: string;
  readonly joins: string;
  readonly row: z.ZodType<Row>;
  /** The table's repository column; null: none. */
  readonly repository: string | null;
  /** Rows may have no installation. For the operator the whole table is read by id, which follows the time. */
  readonly ownerless: boolean;
}

/** The most rows of an installation that one page searches before it stops. */
const SCANNED = 5_000;

export function writeCursor({ at, id }: Cursor): string {
  return Buffer.from(`${at.getTime()}.${id}`).toString("base64url");
}

/** @throws InvalidError when the text is not a cursor of this app. */
export function readCursor(text: string): Cursor {
  const [, at = "", id = ""] = /^(\d{1,15})\.(\d{1,18})$/.exec(Buffer.from(text, "base64url").toString()) ?? [];
  if (id === "") throw new InvalidError("the cursor of this page is not valid: start again from the first page");
  return { at: new Date(Number(at)), id: BigInt(id) };
}

const Keys = z.object({ row_at: z.date(), row_id: z.coerce.bigint() });

export interface Conditions {
  /** Equalities at the start of an index. */
  readonly exact?: readonly Condition[];
  /** Conditions checked on each row, over at most 5,000 rows of an installation. */
  readonly filters?: readonly Condition[];
}

/** One page of a table, of the installations in the scope. */
export async function listRows<Row>(
  sql: Sql,
  scope: Scope,
  listing: Listing<Row>,
  wanted: Wanted,
  conditions: Conditions,
): Promise<Page<Row>> {
  const { limit } = wanted;
  const rows = await pageOf(sql, scope, listing, wanted, conditions);
  const parsed = rows.slice(0, limit).map((row) => listing.row.parse({ ...row, id: row["row_id"], at: row["row_at"] }));
  const [last, ...more] = rows.slice(limit - 1);
  if (last !== undefined && more.length > 0) return { rows: parsed, next: cursorAt(last), searchedTo: null };
  const end = (conditions.filters ?? []).length === 0 ? null : await edgeOf(sql, scope, listing, wanted, conditions);
  if (!end) return { rows: parsed, next: null, searchedTo: null };
  return { rows: parsed, next: cursorAt(end), searchedTo: Keys.parse(end).row_at };
}

function cursorAt(row: Record<string, unknown>): string {
  const { row_at: at, row_id: id } = Keys.parse(row);
  return writeCursor({ at, id });
}

function pageOf(
  sql: Sql,
  scope: Scope,
  listing: Listing<unknown>,
  wanted: Wanted,
  conditions: Conditions,
): Promise<readonly Record<string, unknown>[]> {
  const { bind, values } = binder();
  const { from, seen, walk } = walkOf(bind, scope, listing, wanted, conditions);
  const kept = (conditions.filters ?? []).map((filter) => textOf(filter, bind)).join(" AND ") || "true";
  const limit = bind(wanted.limit + 1);
  const found = `SELECT t.* FROM (${seen}) t WHERE ${kept} ORDER BY ${walk} LIMIT ${limit}`;
  return sql.query(
    `SELECT t.id::text AS row_id, t.${listing.at} AS row_at, ${listing.columns}
     FROM (SELECT t.* FROM ${from} (${found}) t ORDER BY ${walk} LIMIT ${limit}) t ${listing.joins} ORDER BY ${walk}`,
    values,
  );
}

/** Where the search stopped: the earliest end among the installations; null: every row was searched. */
async function edgeOf(
  sql: Sql,
  scope: Scope,
  listing: Listing<unknown>,
  wanted: Wanted,
  conditions: Conditions,
): Promise<Record<string, unknown> | null> {
  const { bind, values } = binder();
  const { from, seen, walk } = walkOf(bind, scope, listing, wanted, conditions);
  const edge = `SELECT t.${listing.at}, t.id FROM (${seen}) t ORDER BY ${walk} OFFSET ${SCANNED - 1} LIMIT 1`;
  const [end] = await sql.query(
    `SELECT t.${listing.at} AS row_at, t.id::text AS row_id FROM ${from} (${edge}) t ORDER BY ${walk} LIMIT 1`,
    values,
  );
  return end ?? null;
}

type Bind = (value: unknown) => string;

/** The range of the table that one page searches, in order, for each installation. */
function walkOf(
  bind: Bind,
  scope: Scope,
  listing: Listing<unknown>,
  { cursor, order }: Wanted,
  { exact = [] }: Conditions,
) {
  const { at, table, ownerless, repository } = listing;
  const [direction, compare] = order === "newest" ? ["DESC", "<"] : ["ASC", ">"];
  const whole = ownerless && scope.operator;
  const walk = whole ? `t.id ${direction}` : `t.${at} ${direction}, t.id ${direction}`;
  const after = (of: Cursor): string =>
    whole
      ? `t.id ${compare} ${bind(of.id)}::bigint`
      : `(t.${at}, t.id) ${compare} (${bind(of.at)}::timestamptz, ${bind(of.id)}::bigint)`;
  const tenants = `jsonb_to_recordset(${whole ? "'[]'" : bind(JSON.stringify(tenantsOf(scope)))}::jsonb)`;
  const where = [
    ...(whole ? [] : ["t.installation_id = tenant.id"]),
    ...(whole || repository === null ? [] : [mayRead(`t.${repository}`)]),
    ...exact.map((condition) => textOf(condition, bind)),
    ...(cursor === null ? [] : [after(cursor)]),
  ];
  return {
    walk,
    seen: `SELECT t.* FROM ${table} t WHERE ${where.join(" AND ") || "true"} ORDER BY ${walk} LIMIT ${SCANNED}`,
    from: whole ? "" : `${tenants} AS tenant(id bigint, admin boolean, repositories bigint[]) CROSS JOIN LATERAL`,
  };
}

/** Members see the repositories that GitHub shows them; rows without a repository are for admins. */
function mayRead(column: string): string {
  return `(CASE WHEN ${column} IS NULL THEN tenant.admin ELSE tenant.repositories IS NULL OR ${column} = ANY (tenant.repositories) END)`;
}

function tenantsOf({ installations }: Scope): readonly object[] {
  return installations.map(({ id, role, repositories }) => ({
    id: String(id),
    admin: role === "admin",
    repositories: repositories === "all" ? null : [...repositories].map(String),
  }));
}

function binder(): { readonly bind: Bind; readonly values: unknown[] } {
  const values: unknown[] = [];
  return { values, bind: (value) => `$${values.push(value)}` };
}

function textOf({ sql, value }: Condition, bind: Bind): string {
  return sql.replaceAll("?", bind(value));
}
