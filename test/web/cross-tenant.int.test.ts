import { describe, expect, it } from "vitest";
import { z } from "zod";
import { SCOPES, scopeOf, type Viewer } from "../../src/web/viewer.js";
import { withDatabase } from "../support/database.js";
import { json, openApi } from "./api-setting.js";
import { guidOf, plantBody, plantTenants, secretsOf, VIEWERS } from "./tenants.js";

const { store } = await withDatabase({ poolSize: 8 });
await plantTenants(store);

interface Asked {
  readonly path: string;
  readonly init?: RequestInit;
}

/** Every route of the API with questions about globex: its ids, names and rows, asked by people who do not see it. */
const ROUTES: Readonly<Record<string, readonly Asked[]>> = {
  "get /status": [{ path: "/status" }],
  "get /installations": [{ path: "/installations" }, { path: "/installations?installation=2" }],
  "get /repositories": [
    { path: "/repositories" },
    { path: "/repositories?installation=2" },
    { path: "/repositories?name=globex/secret-of-20" },
    { path: `/repositories?cursor=${Buffer.from("11").toString("base64url")}` },
  ],
  "get /pulls": [
    { path: "/pulls" },
    { path: "/pulls?installation=2" },
    { path: "/pulls?repository=globex/secret-of-20" },
    { path: "/pulls?text=secret" },
  ],
  "get /issues": [
    { path: "/issues" },
    { path: "/issues?installation=2" },
    { path: "/issues?repository=globex/secret-of-20" },
  ],
  "get /deployments": [
    { path: "/deployments" },
    { path: "/deployments?installation=2" },
    { path: "/deployments?environment=production" },
  ],
  "post /deployments": [
    {
      path: "/deployments",
      init: json({
        repository: "globex/secret-of-20",
        id: "1",
        environment: "production",
        sha: "a".repeat(40),
        state: "success",
      }),
    },
  ],
  "get /metrics/dora": [
    { path: "/metrics/dora?receipts=true" },
    { path: "/metrics/dora?format=csv" },
    { path: "/metrics/dora?installation=2" },
    { path: "/metrics/dora?repository=globex/secret-of-20" },
  ],
  "get /deliveries": [
    { path: "/deliveries" },
    { path: "/deliveries?installation=2" },
    { path: `/deliveries?guid=${guidOf(20)}` },
    { path: "/deliveries?repository=globex/secret-of-20" },
    { path: `/deliveries?cursor=${Buffer.from("9999999999999.99").toString("base64url")}` },
  ],
  "get /deliveries/{guid}": [{ path: `/deliveries/${guidOf(20)}` }, { path: `/deliveries/${guidOf(11)}` }],
  "post /deliveries/{guid}/replay": [{ path: `/deliveries/${guidOf(20)}/replay`, init: json({}) }],
  "get /agents/runs": [
    { path: "/agents/runs" },
    { path: "/agents/runs?installation=2" },
    { path: "/agents/runs?text=secret" },
  ],
  "get /triage": [{ path: "/triage" }, { path: "/triage?installation=2" }],
  "get /story": [{ path: "/story?of=globex/secret-of-20%231" }, { path: "/story?of=acme/secret-of-11%231" }],
  "get /sync": [{ path: "/sync" }, { path: "/sync?installation=2" }],
  "post /sync": [
    { path: "/sync", init: json({ installation: 2 }) },
    { path: "/sync", init: json({ installation: "2", repository: "globex/secret-of-20" }) },
  ],
  "get /health": [{ path: "/health" }, { path: "/health?installation=2" }],
  "get /alerts": [{ path: "/alerts" }, { path: "/alerts?installation=2" }],
  // A stream has no end: `test/events/server-sent.int.test.ts` reads it as each of these viewers.
  "get /events": [{ path: "/events?installation=2" }],
  "get /tokens": [{ path: "/tokens" }],
  "post /tokens": [{ path: "/tokens", init: json({ name: "x", scopes: ["read"], days: 1 }) }],
  "delete /tokens/{id}": [{ path: "/tokens/1", init: { method: "DELETE" } }],
};

/** What may be answered to a question about another organisation. */
function statusesFor(viewer: Viewer | null, route: string, path: string): readonly number[] {
  if (viewer === null) return [401];
  if (!viewer.scopes.has("read") && route.startsWith("get")) return [403];
  if (route.startsWith("post") || route.startsWith("delete")) return [403, 404];
  return path.includes("installation=2") ? [404] : [200, 403, 404];
}

const Description = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

function apiFor(viewer: Viewer | null) {
  return openApi(store, { viewerOf: async () => viewer });
}

it("lists exactly the routes that the API describes", async () => {
  const { app } = apiFor(null);
  const { paths } = Description.parse(await (await app.request("/api/openapi.json")).json());
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path.replace("/api/integrations/github", "")}`),
  );
  expect(described.sort()).toEqual(Object.keys(ROUTES).sort());
});

describe.each(Object.entries(VIEWERS))("%s", (_who, viewer) => {
  it.each(Object.entries(ROUTES))("requests %s and gets nothing of other tenants", async (route, asked) => {
    const { ask } = apiFor(viewer);
    const allowed = secretsOf(viewer);
    for (const { path, init } of asked) {
      const answer = await ask(path, init);
      const text = await answer.text();
      // What was asked may be named in the answer; what was not known before may not.
      const shown = [...text.matchAll(/secret-of-\d+/g)]
        .map(([secret]) => secret)
        .filter((secret) => !path.includes(secret));
      expect([path, shown.filter((secret) => !allowed.includes(secret))]).toEqual([path, []]);
      expect([path, /globex/.test(text.replaceAll("globex/secret-of-20", ""))]).toEqual([path, false]);
      expect([path, statusesFor(viewer, route, path)]).toEqual([path, expect.arrayContaining([answer.status])]);
    }
  });
});

it("shows each viewer their own rows: an API that shows nothing would fail", async () => {
  for (const viewer of Object.values(VIEWERS)) {
    const texts = await Promise.all(
      ["/repositories", "/pulls", "/issues", "/deployments", "/deliveries", "/agents/runs"].map(async (path) =>
        (await apiFor(viewer).ask(path)).text(),
      ),
    );
    for (const text of texts) for (const secret of secretsOf(viewer)) expect(text).toContain(secret);
  }
});

it("changed nothing: requested no sync, replayed no delivery, created no token", async () => {
  expect(await store.sql.query("SELECT 1 FROM sync_runs WHERE requested_by <> 'test'")).toEqual([]);
  expect(await store.sql.query("SELECT 1 FROM deliveries WHERE status <> 'processed'")).toEqual([]);
  expect(await store.sql.query("SELECT 1 FROM api_tokens")).toEqual([]);
});

it.each(["repositories", "pull_requests", "issues", "deployments", "deliveries", "agent_runs", "sync_runs"])(
  "shows no row of globex in %s even without a where",
  async (table) => {
    for (const viewer of Object.values(VIEWERS)) {
      const scope = viewer === null ? { operator: false, installations: [] } : scopeOf(viewer);
      const rows = await store.readAs(scope, ({ sql }) =>
        sql.query(`SELECT installation_id::text AS id FROM ${table}`),
      );
      expect(rows.filter((row) => row["id"] === "2")).toEqual([]);
    }
  },
);

it("an admin replays and syncs their own, which is recorded; a member may not", async () => {
  await plantBody(store, 10);
  const member = VIEWERS["a member of acme who reads one repository"];
  expect((await apiFor(member).ask(`/deliveries/${guidOf(10)}/replay`, json({}))).status).toBe(403);
  expect((await apiFor(member).ask("/sync", json({ installation: 1 }))).status).toBe(403);
  const admin = VIEWERS["an admin of acme"];
  expect((await apiFor(admin).ask(`/deliveries/${guidOf(10)}/replay`, json({}))).status).toBe(202);
  expect((await apiFor(admin).ask("/sync", json({ installation: 1 }))).status).toBe(202);
  const acts = await store.sql.query(
    "SELECT by_login, via, action, target, installation_id::text AS of FROM audit_log ORDER BY id",
  );
  expect(acts).toEqual([
    { by_login: "ada", via: "api-token", action: "delivery.replay", target: guidOf(10), of: "1" },
    { by_login: "ada", via: "api-token", action: "sync.request", target: "incremental", of: "1" },
  ]);
  expect(
    (await apiFor({ ...admin, scopes: new Set(SCOPES.slice(0, 1)) }).ask("/sync", json({ installation: 1 }))).status,
  ).toBe(403);
});
