import { z } from "zod";
import { modelCost } from "../agents/model/tally.js";
import type { Scope } from "../store/scope.js";
import type { Sql } from "../store/store.js";
import { type Condition, type Listing, listRows, type Page, type Wanted } from "./listing.js";

const Row = z
  .object({
    id: z.coerce.bigint(),
    at: z.date(),
    agent: z.string(),
    number: z.number().nullable(),
    head_sha: z.string().nullable(),
    trigger: z.string(),
    status: z.string(),
    skipped: z.string().nullable(),
    reason: z.string(),
    shadow: z.boolean(),
    requests: z.number(),
    duration_ms: z.number(),
    model: modelCost.nullable().catch(null),
    full_name: z.string().nullable(),
    found: z.number(),
  })
  .transform(({ full_name: repository, ...row }) => ({ ...row, repository }));
/** An agent run in a list. */
export type ListedRun = z.output<typeof Row>;

const LISTING: Listing<ListedRun> = {
  table: "agent_runs",
  at: "created_at",
  columns: `t.agent, t.number, t.head_sha, t.trigger, t.status, t.skipped, t.reason, t.shadow, t.requests, t.duration_ms, t.model,
    r.full_name, (SELECT count(*)::int FROM findings f WHERE f.run_id = t.id) AS found`,
  joins: "LEFT JOIN repositories r ON r.id = t.repository_id",
  row: Row,
  repository: "repository_id",
  ownerless: false,
};

export interface RunFilter {
  readonly agent?: string | undefined;
  readonly repository?: string | undefined;
  readonly status?: string | undefined;
  readonly text?: string | undefined;
}

export function listRuns(sql: Sql, scope: Scope, filter: RunFilter, wanted: Wanted): Promise<Page<ListedRun>> {
  const { agent, repository, status, text } = filter;
  const exact: Condition[] = [];
  const filters: Condition[] = [];
  if (repository !== undefined)
    exact.push({
      sql: "t.repository_id IN (SELECT id FROM repositories WHERE lower(full_name) = lower(?))",
      value: repository,
    });
  if (agent !== undefined) filters.push({ sql: "t.agent = ?", value: agent });
  if (status !== undefined) filters.push({ sql: "t.status = ?", value: status });
  if (text !== undefined) filters.push({ sql: "t.reason ILIKE ?", value: `%${text.replaceAll(/[%_\\]/g, "\\$&")}%` });
  return listRows(sql, scope, LISTING, wanted, { exact, filters });
}
