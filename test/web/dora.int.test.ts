import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { emptyMirror, store as keep } from "../../bench/dora/mirror.js";
import { REPOSITORY } from "../../bench/dora/script.js";
import { HOUR, shaOf, START, World } from "../../bench/dora/world.js";
import { operatorViewer } from "../../src/web/operator-viewer.js";
import { environmentsNow } from "../../src/store/deployments/environments.js";
import { withDatabase } from "../support/database.js";
import { bearer, json, openApi } from "./api-setting.js";

const { store } = await withDatabase({ poolSize: 4 });
const TOKEN = "operator-token-of-this-test";
const { ask } = openApi(store, {
  now: () => new Date(START + 30 * 24 * HOUR),
  viewerOf: operatorViewer(store.sql, TOKEN),
});

const Answer = z.object({
  courses: z.array(
    z.object({
      service: z.string(),
      environment: z.string(),
      total: z.object({
        deployments: z.number(),
        leadTime: z.object({ medianSeconds: z.number().nullable(), unknown: z.record(z.string(), z.number()) }),
        failRate: z.object({ failed: z.number(), of: z.number() }),
      }),
      receipts: z.array(z.object({ sha: z.string(), failed: z.unknown(), changes: z.array(z.unknown()) })).optional(),
    }),
  ),
});

async function dora(query: string) {
  const answer = await ask(`/metrics/dora${query}`, { headers: bearer(TOKEN) });
  expect(answer.status).toBe(200);
  return Answer.parse(await answer.json()).courses;
}

beforeAll(async () => {
  await emptyMirror(store);
  await store.sql.query(
    "INSERT INTO installations (id, account_login, account_type, updated_at, content_hash) VALUES (1, 'acme', 'Organization', now(), '')",
  );
  const world = new World(REPOSITORY);
  world.c("a", "", 0);
  world.push("", "a", 0);
  world.d(1, "production", "a", 1);
  world.c("b", "a", 2);
  world.push("a", "b", 2);
  world.d(2, "production", "b", 3);
  world.d(3, "production", "a", 4);
  world.d(4, "staging", "b", 5, {
    statuses: [
      ["success", 5],
      ["inactive", 6],
    ],
  });
  world.d(5, "staging", "a", 7, { statuses: [["failure", 8]] });
  for (const { handler, payload } of world.deliveries) await keep(store, handler.read(payload).facts);
  await keep(store, world.reads());
});

describe("the DORA metrics over HTTP", () => {
  it("gives the figures of production with their receipts", async () => {
    const [production] = await dora("?environment=production&unit=month&receipts=true");
    expect(production).toMatchObject({
      service: "acme/r",
      total: {
        deployments: 3,
        leadTime: { medianSeconds: 3_600, unknown: { "first deployment": 1 } },
        failRate: { failed: 1, of: 3 },
      },
    });
    const failed = production?.receipts?.filter((receipt) => receipt.failed !== null);
    expect(failed).toMatchObject([
      { sha: shaOf("b"), failed: { rule: "rollback" }, changes: [{ leadSeconds: 3_600 }] },
    ]);
  });

  it("gives a line of CSV for each period", async () => {
    const answer = await ask("/metrics/dora?format=csv&unit=month", { headers: bearer(TOKEN) });
    const [head, ...lines] = (await answer.text()).trim().split("\r\n");
    expect(head).toMatch(/^service,environment,from,to,deployments,/);
    expect(lines.filter((line) => line.startsWith("acme/r,production,2026-01"))).toHaveLength(1);
  });

  it("refuses a time that ends before it begins", async () => {
    const query = "?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z";
    expect((await ask(`/metrics/dora${query}`, { headers: bearer(TOKEN) })).status).toBe(400);
  });
});

it("shows the live deployment: neither `inactive` nor a failed attempt changes it", async () => {
  const environments = await environmentsNow(store.sql, {});
  expect(environments.map(({ environment, live, last }) => [environment, live?.sha, last.state])).toEqual([
    ["production", shaOf("a"), "success"],
    ["staging", shaOf("b"), "failure"],
  ]);
});

it("takes deployments of other tools, each state once and in any order", async () => {
  const report = (more: object) =>
    ask(
      "/deployments",
      json({ repository: "acme/r", id: "argo-1", environment: "eu", sha: shaOf("b"), ...more }, bearer(TOKEN)),
    );
  const at = (hour: number): string => new Date(START + hour * HOUR).toISOString();
  expect((await report({ state: "success", at: at(9) })).status).toBe(202);
  expect(await (await report({ state: "in_progress", at: at(8) })).json()).toMatchObject({ state: "success" });
  expect((await report({ state: "success", at: at(9) })).status).toBe(202);
  expect((await report({ state: "success", sha: shaOf("a") })).status).toBe(409);
  expect((await report({ state: "success", sha: "b" })).status).toBe(400);
  await store.sql.query(
    `INSERT INTO repository_settings (repository_id, installation_id, settings, read_at, good_at)
     VALUES ($1, 1, '{"deployments": {"source": "api"}}', now(), now())`,
    [REPOSITORY],
  );
  const courses = await dora("?unit=month");
  expect(courses).toMatchObject([{ environment: "eu", total: { deployments: 1 } }]);
  const [audit] = await store.sql.query("SELECT count(*)::int AS n FROM audit_log WHERE action = 'deployment.report'");
  expect(audit).toEqual({ n: 3 });
});
