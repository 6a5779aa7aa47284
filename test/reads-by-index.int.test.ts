import { beforeAll, expect, it } from "vitest";
import { listDeployments, listIssues, listPulls } from "../src/reports/subjects.js";
import type { Wanted } from "../src/reports/listing.js";
import type { Scope } from "../src/store/scope.js";
import type { Sql } from "../src/store/store.js";
import { bySha } from "../src/web/pages/find.js";
import { withDatabase } from "./support/database.js";

const { store } = await withDatabase();
const ROWS = 6_000;
const SCOPE: Scope = {
  operator: false,
  installations: [{ id: 1n, role: "admin", repositories: "all" }],
};
const SHA = "abcdef0";

beforeAll(async () => {
  const facts = `n, 1 + n % 3, 1, now() - n * interval '1 minute', now() - n * interval '1 minute', ''`;
  const columns = "id, installation_id, repository_id, created_at, updated_at, content_hash";
  const state = "CASE WHEN n % 2 = 0 THEN 'open' ELSE 'closed' END";
  const from = `FROM generate_series(1, ${ROWS}) n`;
  await store.sql.query(
    `INSERT INTO pull_requests (${columns}, core_updated_at, number, title, state, head_ref, head_sha, base_ref, base_sha, merge_commit_sha)
     SELECT ${facts}, now(), n, 'a title', ${state}, 'h', md5(n::text), 'b', md5(n::text), md5('m' || n) ${from}`,
  );
  await store.sql.query(
    `INSERT INTO issues (${columns}, number, title, state) SELECT ${facts}, n, 'a title', ${state} ${from}`,
  );
  await store.sql.query(
    `INSERT INTO deployments (${columns}, sha, ref, task, environment) SELECT ${facts}, md5(n::text), 'main', 'deploy', 'production' ${from}`,
  );
  await store.sql.query(
    `INSERT INTO agent_runs (installation_id, repository_id, agent, subject, number, head_sha, trigger, status, reason, created_at)
     SELECT 1 + n % 3, 1, 'code-review', 'pull_request', n, md5(n::text), 'push', 'done', 'done', now() ${from}`,
  );
  await store.sql.query("ANALYZE");
});

/** The plans of what the work asks the database, in a viewer's transaction. */
function plansOf(work: (sql: Sql) => Promise<unknown>): Promise<string> {
  return store.readAs(SCOPE, async ({ sql }) => {
    const plans: string[] = [];
    await work({
      query: async (text, values) => {
        const lines = await sql.query(`EXPLAIN ${text}`, values);
        plans.push(lines.map((line) => String(line["QUERY PLAN"])).join("\n"));
        return [];
      },
    });
    return plans.join("\n");
  });
}

const wanted: Wanted = { limit: 50, cursor: null, order: "newest" };
const next: Wanted = { ...wanted, cursor: { at: new Date(), id: 5n } };

const LISTS: readonly (readonly [string, string, (sql: Sql, page: Wanted) => Promise<unknown>])[] = [
  ["pull_requests", "pull_requests_installation_id_updated_at_id_idx", (sql, page) => listPulls(sql, SCOPE, {}, page)],
  [
    "pull_requests",
    "pull_requests_installation_id_state_updated_at_id_idx",
    (sql, page) => listPulls(sql, SCOPE, { state: "open" }, page),
  ],
  ["issues", "issues_installation_id_updated_at_id_idx", (sql, page) => listIssues(sql, SCOPE, {}, page)],
  [
    "issues",
    "issues_installation_id_state_updated_at_id_idx",
    (sql, page) => listIssues(sql, SCOPE, { state: "open" }, page),
  ],
  [
    "deployments",
    "deployments_installation_id_created_at_id_idx",
    (sql, page) => listDeployments(sql, SCOPE, {}, page),
  ],
];

it.each(
  LISTS.flatMap(([table, index, list]) =>
    [wanted, next, { ...next, order: "oldest" } as const].map((page) => ({ table, index, list, page })),
  ),
)("a list of $table reads $index in its order", async ({ table, index, list, page }) => {
  const plan = await plansOf((sql) => list(sql, page));
  expect(plan).toContain(`using ${index} on ${table} t`);
  expect(plan).not.toContain(`Seq Scan on ${table}`);
});

it("the prefix of a SHA is found by index", async () => {
  const plan = await plansOf((sql) => bySha(sql, SHA));
  for (const index of ["pull_requests_head_sha_idx", "pull_requests_merge_commit_sha_idx", "agent_runs_head_sha_idx"])
    expect(plan).toContain(index);
  expect(plan).not.toMatch(/Seq Scan on (pull_requests|agent_runs)/);
});
