import { expect, onTestFinished, test } from "vitest";
import { startGitHub } from "../../simulator/index.js";
import { checkDatabase } from "../../src/doctor/database.js";
import { freePort } from "../../src/store/embedded/free-port.js";
import { startBeside } from "../support/app.js";
import { withDatabase } from "../support/database.js";
import { post } from "../support/inbox.js";

const database = await withDatabase();
const { sql } = database.store;
const TOKEN = "a token that is long enough for metrics";

async function startWeb(env: Readonly<Record<string, string>> = {}) {
  const github = await startGitHub();
  onTestFinished(() => github.close());
  const app = await startBeside(github, database.url, { env: { ROLE: "web", METRICS_TOKEN: TOKEN, ...env } });
  onTestFinished(() => app.close());
  const deliver = async () =>
    (await post(Number(new URL(app.url ?? "").port), { event: "star", secret: github.webhookSecret })).status;
  const ready = async (token?: string) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(`${app.url ?? ""}/readyz`, { headers });
    return { status: response.status, text: await response.text() };
  };
  return { deliver, ready };
}

/** As PostgreSQL refuses what needs another page when its disk is full; reads and updates in place go on. */
async function fillDisk(): Promise<() => Promise<unknown>> {
  await sql.query(`CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device' USING ERRCODE = '53100'; END $$`);
  await sql.query("CREATE TRIGGER full_disk BEFORE INSERT ON delivery_bodies EXECUTE FUNCTION disk_full()");
  return () => sql.query("DROP FUNCTION disk_full CASCADE");
}

test("a web process without Redis is ready and degraded, receives deliveries, and shows no address to strangers", async () => {
  const port = await freePort();
  const { deliver, ready } = await startWeb({ REDIS_URL: `redis://127.0.0.1:${port}` });
  expect(await deliver()).toBe(202);
  const seen = await ready();
  expect(JSON.parse(seen.text)).toEqual({
    ready: true,
    state: "degraded",
    checks: { migrations: "ok", deliveries: "ok", queue: "failed" },
  });
  expect(seen.status).toBe(200);
  expect((await ready(TOKEN)).text).toContain("no answer within");
});

test("a process that cannot store deliveries is not ready before and after it has met one, and is again when it can", async () => {
  const { deliver, ready } = await startWeb();
  const empty = await fillDisk();
  const full = { ready: false, checks: { migrations: "ok", deliveries: "failed", queue: "ok" } };
  const seen = await ready();
  expect([seen.status, JSON.parse(seen.text)]).toMatchObject([503, full]);
  expect((await ready(TOKEN)).text).toContain("No space left on device");
  expect(await checkDatabase(database.url, "the database", database.store)).toMatchObject({
    check: "database",
    status: "problem",
  });
  await empty();
  expect(await deliver()).toBe(202);
  await expect.poll(async () => (await ready()).status).toBe(200);
  const emptyAgain = await fillDisk();
  expect(await deliver()).toBe(503);
  await expect.poll(async () => (await ready()).status).toBe(503);
  await emptyAgain();
  await expect.poll(async () => (await ready()).status, { timeout: 5_000 }).toBe(200);
  expect(await checkDatabase(database.url, "the database", database.store)).toMatchObject({ status: "ok" });
  expect(await sql.query("SELECT guid FROM delivery_bodies WHERE guid LIKE 'probe%'")).toEqual([]);
});
