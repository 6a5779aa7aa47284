import { z } from "zod";
import type { Account, Spending } from "../../agents/model/metered.js";
import type { Store } from "../store.js";

/** The installation, the agent and the subject that a model call is counted for. */
export interface AccountScope {
  readonly installationId: bigint;
  readonly repositoryId: bigint;
  readonly number: number;
}

/** The limits of one installation for a day, which ends at midnight UTC. */
export interface DailyLimits {
  readonly tokens: number;
  /** Millionths of a US dollar; null: no limit. */
  readonly micros: number | null;
}

const LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('model-usage:' || $1, 0))";
const SPENT = `SELECT coalesce(sum(input_tokens + output_tokens), 0)::float8 AS tokens,
  coalesce(sum(cost_micros), 0)::float8 AS micros FROM model_usage WHERE installation_id = $1 AND created_at >= $2`;
const RESERVE = `INSERT INTO model_usage
  (installation_id, repository_id, number, purpose, model, input_tokens, output_tokens, cost_micros, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id::text`;
const SETTLE = `UPDATE model_usage SET outcome = $3, finished_at = $4, input_tokens = coalesce($5, input_tokens),
  output_tokens = coalesce($6, output_tokens), cost_micros = coalesce($7, cost_micros)
  WHERE id = $1 AND installation_id = $2`;

const Sums = z.object({ tokens: z.number(), micros: z.number() });

/**
 * The account in `model_usage`. Reservations of one installation are serialised, so together they stay within the
 * limits.
 */
export function modelAccount(store: Store, scope: AccountScope, limits: DailyLimits, now: () => Date): Account {
  const { installationId, repositoryId, number } = scope;
  return {
    reserve: (most) =>
      store.transaction(async (sql) => {
        await sql.query(LOCK, [String(installationId)]);
        const at = now();
        const [row] = await sql.query(SPENT, [installationId, startOfDay(at)]);
        if (!isWithin(limits, Sums.parse(row), most)) return null;
        const { inputTokens, outputTokens } = most.usage;
        const values = [most.purpose, most.model, inputTokens, outputTokens, most.micros, at];
        const [made] = await sql.query(RESERVE, [installationId, repositoryId, number, ...values]);
        return z.coerce.bigint().parse(made?.["id"]);
      }),
    async settle(id, spent, outcome) {
      const { inputTokens = null, outputTokens = null } = spent?.usage ?? {};
      const values = [inputTokens, outputTokens, spent?.micros ?? null];
      await store.sql.query(SETTLE, [id, installationId, outcome, now(), ...values]);
    },
  };
}

function isWithin(limits: DailyLimits, spent: z.output<typeof Sums>, { usage, micros }: Spending): boolean {
  const tokens = spent.tokens + usage.inputTokens + usage.outputTokens;
  return tokens <= limits.tokens && (limits.micros === null || spent.micros + micros <= limits.micros);
}

function startOfDay(at: Date): Date {
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()));
}
