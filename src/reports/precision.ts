import { z } from "zod";
import type { Scope } from "../store/scope.js";
import type { Sql } from "../store/store.js";

const count = z.coerce.number();
const Row = z
  .object({ rule: z.string(), shown: count, open: count, fixed: count, dismissed: count, repositories: count })
  .transform((row) => ({ ...row, precision: row.shown === 0 ? null : (row.shown - row.dismissed) / row.shown }));
/** The results of a rule's findings, and the share that people did not dismiss. */
export type RulePrecision = z.output<typeof Row>;

export async function rulePrecision(sql: Sql, scope: Scope): Promise<readonly RulePrecision[]> {
  const rows = await sql.query(
    `SELECT rule, count(*) AS shown, count(*) FILTER (WHERE state = 'open') AS open, count(*) FILTER (WHERE state = 'fixed') AS fixed,
       count(*) FILTER (WHERE state IN ('dismissed', 'ignored')) AS dismissed, count(DISTINCT repository_id) AS repositories
     FROM (SELECT rule, state, repository_id FROM findings WHERE installation_id = ANY ($1::bigint[]) AND NOT shadow AND state <> 'decided'
       ORDER BY created_at DESC LIMIT 50000) f
     GROUP BY rule ORDER BY shown DESC, rule`,
    [scope.installations.map(({ id }) => id)],
  );
  return rows.map((row) => Row.parse(row));
}

const Cost = z.object({ day: z.date(), model: z.string(), calls: count, tokens: count, micros: count });
export type DayCost = z.output<typeof Cost>;

/** The model's cost on each of the last 14 days, newest first. */
export async function modelCosts(sql: Sql, scope: Scope, now: Date): Promise<readonly DayCost[]> {
  const rows = await sql.query(
    `SELECT date_trunc('day', created_at, 'UTC') AS day, model, count(*) AS calls, sum(input_tokens + output_tokens) AS tokens,
       sum(cost_micros) AS micros
     FROM model_usage WHERE installation_id = ANY ($1::bigint[]) AND created_at >= $2::timestamptz - interval '14 days'
     GROUP BY 1, 2 ORDER BY 1 DESC, 2`,
    [scope.installations.map(({ id }) => id), now],
  );
  return rows.map((row) => Cost.parse(row));
}
