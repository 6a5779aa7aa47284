// SQL by hand, so that the row can join the transaction of the recorded action.
import type { Json } from "../../domain.js";
import type { Sql } from "../store.js";
import { storableJson } from "../../text/storable.js";

/** One action of a person. */
export interface Act {
  /** Null: the action concerns no installation, such as a sign-in. */
  readonly installationId: bigint | null;
  /** Null: ADMIN_TOKEN, or GitHub itself. */
  readonly userId: bigint | null;
  readonly login: string;
  readonly via: "session" | "api-token" | "admin-token" | "github" | "cli";
  /** A verb: `sync.request`, `delivery.replay`, `session.begin`. */
  readonly action: string;
  /** The target of the action. */
  readonly target: string;
  readonly detail?: Readonly<Record<string, Json>>;
}

/** Records an action. */
export async function recordAct(sql: Sql, act: Act, now: Date): Promise<void> {
  await sql.query(
    `INSERT INTO audit_log (installation_id, user_id, by_login, via, action, target, detail, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8)`,
    [act.installationId, act.userId, act.login, act.via, act.action, act.target, storableJson(act.detail ?? {}), now],
  );
}
