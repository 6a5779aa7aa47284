import { z } from "zod";
import type { PausedWrites } from "../../health/paused-writes.js";
import type { Sql } from "../store.js";
import { excludedReason } from "../tenants/excluded.js";

const EVERYWHERE = "writes_paused";

/** The scope of a switch: one installation, or all of them. */
export type SwitchScope = bigint | "everywhere";

/**
 * Pauses all writes to GitHub at once: from the next effect on they end as `blocked` rows. False: the installation does
 * not exist, and nothing is paused.
 */
export async function pauseWrites(sql: Sql, scope: SwitchScope, reason: string): Promise<boolean> {
  if (scope === "everywhere") {
    await sql.query(
      `INSERT INTO app_settings (key, value) VALUES ($1, jsonb_build_object('reason', $2::text))
       ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = now()`,
      [EVERYWHERE, reason],
    );
    return true;
  }
  const rows = await sql.query(
    `UPDATE installations SET writes_paused_at = coalesce(writes_paused_at, now()), writes_paused_reason = $2
     WHERE id = $1 RETURNING id`,
    [scope, reason],
  );
  return rows.length > 0;
}

/** Allows writes again. Blocked effects wait for the job `resume-writes`. False: as above. */
export async function resumeWrites(sql: Sql, scope: SwitchScope): Promise<boolean> {
  if (scope === "everywhere") {
    await sql.query("DELETE FROM app_settings WHERE key = $1", [EVERYWHERE]);
    return true;
  }
  const rows = await sql.query(
    "UPDATE installations SET writes_paused_at = NULL, writes_paused_reason = NULL WHERE id = $1 RETURNING id",
    [scope],
  );
  return rows.length > 0;
}

const Paused = z.object({
  installation: z.string().nullable(),
  account: z.string().nullable(),
  since: z.date().transform((at) => at.toISOString()),
  reason: z.string().nullable(),
});

/** Where writes are paused: everywhere first, then the paused installations, or the named one. */
export async function pausedWrites(sql: Sql, installationId: bigint | null = null): Promise<readonly PausedWrites[]> {
  const rows = await sql.query(
    `SELECT NULL AS installation, NULL AS account, updated_at AS since, value->>'reason' AS reason
       FROM app_settings WHERE key = $1
     UNION ALL (SELECT id::text, account_login, writes_paused_at, writes_paused_reason FROM installations
       WHERE writes_paused_at IS NOT NULL AND deleted_at IS NULL AND ($2::bigint IS NULL OR id = $2) ORDER BY id)`,
    [EVERYWHERE, installationId],
  );
  return rows.map((row) => Paused.parse(row));
}

/** Why a repository may not be written to now. `blocked` effects are applied when the reason ends. */
export type WriteStop = { readonly status: "blocked" | "cancelled"; readonly reason: string };

/**
 * Read before each effect, so that the switch and the lists take effect in the middle of a job. Null: writing is
 * allowed.
 */
export async function writeStop(sql: Sql, installationId: bigint, repositoryId: bigint): Promise<WriteStop | null> {
  const rows = await sql.query(
    `SELECT EXISTS (SELECT FROM app_settings WHERE key = $2) AS everywhere, bool_or(writes_paused_at IS NOT NULL) AS paused,
       bool_or(deleted_at IS NOT NULL) AS deleted, bool_or(suspended_at IS NOT NULL) AS suspended
     FROM installations WHERE id = $1`,
    [installationId, EVERYWHERE],
  );
  const state = rows[0] ?? {};
  if (state["deleted"] === true) return { status: "cancelled", reason: "the App was uninstalled" };
  if (state["suspended"] === true) return { status: "cancelled", reason: "the installation is suspended" };
  if (state["everywhere"] === true) return { status: "blocked", reason: "writes are paused everywhere" };
  if (state["paused"] === true) return { status: "blocked", reason: "writes are paused for this installation" };
  const reason = await excludedReason(sql, repositoryId);
  return reason === null ? null : { status: "blocked", reason };
}
