import { describe, expect, it } from "vitest";
import { withDatabase } from "../../../test/support/database.js";
import type { Scope } from "../scope.js";
import { sqlOf } from "../sql.js";
import { policyOf, WEB_ROLE } from "./policies.js";
import { bindingProblem, isProtected, protectRows } from "./protect.js";

const { store } = await withDatabase();
const { sql } = store;

// Installation 1 has the repositories 10 and 11, installation 2 has 20; one row of each kind in each.
for (const [installation, repositories] of [
  [1, [10, 11]],
  [2, [20]],
] as const) {
  await sql.query(
    "INSERT INTO installations (id, account_login, account_type, updated_at, content_hash) VALUES ($1, $2, 'Organization', now(), '')",
    [installation, `org${installation}`],
  );
  await sql.query(
    "INSERT INTO deliveries (guid, event, content_type, body_bytes, installation_id) VALUES ($1, 'installation', '', 0, $2)",
    [`of-installation-${installation}`, installation],
  );
  for (const repository of repositories) {
    await sql.query(
      `INSERT INTO repositories (id, installation_id, owner_login, name, full_name, updated_at, content_hash)
       VALUES ($1, $2, 'o', $3, $3, now(), '')`,
      [repository, installation, `r${repository}`],
    );
    await sql.query(
      "INSERT INTO deliveries (guid, event, content_type, body_bytes, installation_id, repository_id) VALUES ($1, 'push', '', 0, $2, $3)",
      [`of-${repository}`, installation, repository],
    );
    await sql.query("INSERT INTO delivery_bodies (guid, body) VALUES ($1, '\\x00')", [`of-${repository}`]);
    await sql.query(
      "INSERT INTO jobs (queue, name, key, payload, max_attempts, installation_id, delivery_guid) VALUES ('sync', 'refresh', $1, '{}', 1, $2, $3)",
      [String(repository), installation, `of-${repository}`],
    );
    await sql.query(
      `INSERT INTO pull_requests (id, installation_id, repository_id, number, title, state, head_ref, head_sha, base_ref, base_sha,
         created_at, updated_at, core_updated_at, content_hash)
       VALUES ($1, $2, $1, 1, '', 'open', '', '', '', '', now(), now(), now(), '')`,
      [repository, installation],
    );
    await sql.query(
      "INSERT INTO pull_request_labels (installation_id, pull_request_id, label_id, name) VALUES ($1, $2, 1, 'bug')",
      [installation, repository],
    );
  }
}
await sql.query("INSERT INTO deliveries (guid, event, content_type, body_bytes) VALUES ('of-nobody', 'ping', '', 0)");

const admin = (id: bigint) => ({ id, role: "admin", repositories: "all" }) as const;
const member = (id: bigint, ...repositories: bigint[]) =>
  ({ id, role: "member", repositories: new Set(repositories) }) as const;
const SCOPES: Readonly<Record<string, Scope>> = {
  nobody: { operator: false, installations: [] },
  admin: { operator: false, installations: [admin(1n)] },
  member: { operator: false, installations: [member(1n, 10n)] },
  both: { operator: false, installations: [admin(2n), member(1n, 11n)] },
  operator: { operator: true, installations: [admin(1n), admin(2n)] },
};

/** What a query without any `where` shows. */
function seen(scope: Scope, column: string, table: string): Promise<readonly unknown[]> {
  return store.readAs(scope, async (reading) =>
    (await reading.sql.query(`SELECT ${column}::text AS it FROM ${table} ORDER BY 1`)).map((row) => row["it"]),
  );
}

describe("a query without a where shows", () => {
  it.each([
    ["nobody", "installations", "id", []],
    ["nobody", "deliveries", "guid", []],
    ["nobody", "app_settings", "key", []],
    ["admin", "installations", "id", ["1"]],
    ["admin", "repositories", "id", ["10", "11"]],
    ["admin", "deliveries", "guid", ["of-10", "of-11", "of-installation-1"]],
    ["admin", "delivery_bodies", "guid", ["of-10", "of-11"]],
    ["admin", "jobs", "key", ["10", "11"]],
    ["admin", "pull_requests", "id", ["10", "11"]],
    ["admin", "pull_request_labels", "pull_request_id", ["10", "11"]],
    ["member", "installations", "id", ["1"]],
    ["member", "repositories", "id", ["10"]],
    ["member", "deliveries", "guid", ["of-10"]],
    ["member", "delivery_bodies", "guid", ["of-10"]],
    ["member", "jobs", "key", ["10"]],
    ["member", "pull_requests", "id", ["10"]],
    ["member", "pull_request_labels", "pull_request_id", ["10"]],
    ["both", "repositories", "id", ["11", "20"]],
    ["both", "deliveries", "guid", ["of-11", "of-20", "of-installation-2"]],
    [
      "operator",
      "deliveries",
      "guid",
      ["of-10", "of-11", "of-20", "of-installation-1", "of-installation-2", "of-nobody"],
    ],
  ] as const)("%s of %s: %j %j", async (who, table, column, expected) => {
    expect(await seen(SCOPES[who] ?? { operator: false, installations: [] }, column, table)).toEqual(expected);
  });

  it("the same through Prisma Client", async () => {
    const scope = SCOPES["member"] ?? { operator: false, installations: [] };
    const found = await store.readAs(scope, ({ prisma }) => prisma.pullRequest.findMany({ select: { id: true } }));
    expect(found).toEqual([{ id: 10n }]);
  });
});

describe("the web role", () => {
  const scope: Scope = { operator: true, installations: [admin(1n), admin(2n)] };

  it.each(["user_tokens", "sessions", "api_tokens", "oauth_states", "_prisma_migrations"])(
    "reads no rows of %s",
    async (table) => {
      await expect(store.readAs(scope, (reading) => reading.sql.query(`SELECT * FROM ${table}`))).rejects.toThrow(
        /permission denied/,
      );
    },
  );

  it.each([
    "UPDATE deliveries SET status = 'x'",
    "DELETE FROM jobs",
    "INSERT INTO labels (id, installation_id, repository_id, name, seen_at) VALUES (1, 1, 1, '', now())",
    "TRUNCATE deliveries",
    "DROP POLICY companyos_read ON deliveries",
    "ALTER TABLE deliveries DISABLE ROW LEVEL SECURITY",
  ])("cannot write: %s", async (statement) => {
    await expect(store.readAs(scope, (reading) => reading.sql.query(statement))).rejects.toThrow(
      /permission denied|must be owner/,
    );
  });

  it("ends with the transaction: the next user of the connection is the owner again", async () => {
    const [before] = await sql.query("SELECT current_user AS me");
    for (let used = 0; used < 10; used++) await seen(scope, "guid", "deliveries");
    const mine = await Promise.all(
      Array.from({ length: 10 }, () =>
        sql.query("SELECT current_user AS me, current_setting('companyos.operator', true) AS operator"),
      ),
    );
    expect(mine.flat().every((row) => row["me"] === before?.["me"] && !row["operator"])).toBe(true);
  });

  it("is bound also where the owner is a superuser, and may neither log in nor own anything", async () => {
    expect(await bindingProblem(sql)).toBeNull();
    const [active] = await store.readAs(scope, (reading) =>
      reading.sql.query("SELECT row_security_active('deliveries') AS active, current_user AS me"),
    );
    expect(active).toEqual({ active: true, me: WEB_ROLE });
    const [role] = await sql.query(
      "SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = $1",
      [WEB_ROLE],
    );
    expect(new Set(Object.values(role ?? {}))).toEqual(new Set([false]));
  });
});

describe("every table", () => {
  it("of a tenant has row-level security with the policy of its kind", async () => {
    const rows = await sql.query(
      `SELECT c.relname AS name, c.relrowsecurity AS bound, p.polname IS NOT NULL AS policy
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'installation_id'
       LEFT JOIN pg_policy p ON p.polrelid = c.oid WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace`,
    );
    expect(rows.length).toBeGreaterThan(30);
    expect(rows.filter((row) => row["bound"] !== true || row["policy"] !== true)).toEqual([]);
  });

  it("closes a new table: without a repository column it is for admins, without an installation for nobody", async () => {
    const columns = (...names: string[]) => ({ name: "new_table", columns: new Set(names) });
    expect(policyOf(columns("id", "installation_id"))).toContain("companyos.administered");
    expect(policyOf(columns("id", "installation_id", "repository_id"))).toContain("companyos.repositories");
    expect(policyOf(columns("id", "secret"))).toBeNull();
    await sql.query("CREATE TABLE new_table (id bigint, installation_id bigint)");
    expect(await isProtected(sql)).toBe(false);
    const client = await store.pool.connect();
    await protectRows(sqlOf(client)).finally(() => client.release());
    expect(await isProtected(sql)).toBe(true);
    await sql.query("INSERT INTO new_table VALUES (1, 1), (2, 2), (3, NULL)");
    expect(await seen({ operator: false, installations: [admin(2n)] }, "id", "new_table")).toEqual(["2"]);
    await sql.query("DROP TABLE new_table");
  });
});
