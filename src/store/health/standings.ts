import { z } from "zod";
import { STATES } from "../../health/level.js";
import { CHECKS, type CheckName } from "../../health/reading.js";
import type { Standing } from "../../health/settle.js";
import type { Sql } from "../store.js";

const State = z.enum(STATES);
const Row = z.object({
  scope: z.string(),
  check: z.enum(CHECKS),
  installation_id: z.coerce.bigint().nullable(),
  account: z.string().nullable(),
  state: State,
  alert: z.boolean(),
  since: z.date(),
  reason: z.string(),
  remedy: z.string().nullable(),
  value: z.number().nullable(),
  pending_state: State.nullable(),
  pending_alert: z.boolean().nullable(),
  pending_reason: z.string().nullable(),
  unread_reason: z.string().nullable(),
  checked_at: z.date(),
});

/** The stored result of one check; `installationId` null: the app's own. */
export interface StoredCheck {
  readonly check: CheckName;
  readonly installationId: bigint | null;
  readonly account: string | null;
  readonly standing: Standing;
}

const SELECT = `SELECT h.*, i.account_login AS account FROM health_checks h
  LEFT JOIN installations i ON i.id = h.installation_id`;

/** All stored checks of a scope, locked until this transaction ends. */
export async function lockStandings(
  sql: Sql,
  installationId: bigint | null,
): Promise<ReadonlyMap<CheckName, Standing>> {
  const rows = await sql.query(`${SELECT} WHERE h.scope = $1 ORDER BY h.check FOR UPDATE OF h`, [
    scopeOf(installationId),
  ]);
  return new Map(rows.map((row) => toCheck(row)).map(({ check, standing }) => [check, standing]));
}

/** The app's own checks first, then the installations'; of one installation if given. */
export async function readChecks(sql: Sql, installationId: bigint | null = null): Promise<readonly StoredCheck[]> {
  const rows = await sql.query(
    `${SELECT} WHERE $1::bigint IS NULL OR h.installation_id = $1 OR h.installation_id IS NULL
     ORDER BY h.installation_id NULLS FIRST, h.check`,
    [installationId],
  );
  return rows.map((row) => toCheck(row));
}

const STORE = `
  INSERT INTO health_checks (scope, "check", installation_id, state, alert, since, reason, remedy, value,
    pending_state, pending_alert, pending_reason, unread_reason, checked_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
  ON CONFLICT (scope, "check") DO UPDATE SET state = excluded.state, alert = excluded.alert, since = excluded.since,
    reason = excluded.reason, remedy = excluded.remedy, value = excluded.value, pending_state = excluded.pending_state,
    pending_alert = excluded.pending_alert, pending_reason = excluded.pending_reason,
    unread_reason = excluded.unread_reason, checked_at = excluded.checked_at`;

export async function storeStanding(
  sql: Sql,
  installationId: bigint | null,
  check: CheckName,
  standing: Standing,
): Promise<void> {
  const { level, since, reason, remedy, value, pending, unread, checkedAt } = standing;
  await sql.query(STORE, [
    scopeOf(installationId),
    check,
    installationId,
    level.state,
    level.alert,
    since,
    reason,
    remedy,
    value,
    pending?.level.state,
    pending?.level.alert,
    pending?.reason,
    unread,
    checkedAt,
  ]);
}

/** Deletes the checks of uninstalled installations. */
export async function forgetChecks(sql: Sql): Promise<void> {
  await sql.query(
    `DELETE FROM health_checks h WHERE installation_id IS NOT NULL AND NOT EXISTS (
       SELECT FROM installations i WHERE i.id = h.installation_id AND i.deleted_at IS NULL)`,
  );
}

/** Deletes checks of an installation that can no longer be made. */
export async function forgetChecksOf(sql: Sql, installationId: bigint, checks: readonly CheckName[]): Promise<void> {
  await sql.query(`DELETE FROM health_checks WHERE installation_id = $1 AND "check" = ANY ($2::text[])`, [
    installationId,
    checks,
  ]);
}

function scopeOf(installationId: bigint | null): string {
  return installationId === null ? "app" : String(installationId);
}

function toCheck(found: Record<string, unknown>): StoredCheck {
  const row = Row.parse(found);
  const { state, alert, since, reason, remedy, value } = row;
  const pending =
    row.pending_state === null
      ? null
      : { level: { state: row.pending_state, alert: row.pending_alert ?? true }, reason: row.pending_reason ?? "" };
  return {
    check: row.check,
    installationId: row.installation_id,
    account: row.account,
    standing: {
      level: { state, alert },
      since,
      reason,
      remedy,
      value,
      pending,
      unread: row.unread_reason,
      checkedAt: row.checked_at,
    },
  };
}
