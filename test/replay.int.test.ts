import { afterAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { apply } from "../simulator/organisation/apply.js";
import { createOrganisation, drain as taken } from "../simulator/organisation/create.js";
import { drainDeliveries } from "../src/process/worker.js";
import { defineJob, registryOf } from "../src/jobs/define-job.js";
import { JOBS } from "../src/jobs/registry.js";
import { processDelivery } from "../src/process/process-delivery.js";
import { TENANT_TABLES } from "../src/store/facts/tenant-tables.js";
import { cli } from "./support/cli.js";
import { withDatabase } from "./support/database.js";
import { silent, startInbox, systemClock as clock } from "./support/inbox.js";

const { store, url } = await withDatabase();
const inbox = await startInbox({ store });
afterAll(() => inbox.close());

const deployment = defineJob({
  name: "deployment",
  queue: "agents",
  payload: z.object({ sha: z.string() }),
  attempts: 1,
  key: ({ sha }) => sha,
  run: () => Promise.resolve({ status: "done", reason: "deployed" }),
});
const jobs = registryOf([...JOBS, deployment]);

beforeEach(async () => {
  const tables = ["installations", "delivery_bodies", ...TENANT_TABLES.map(({ table }) => table)];
  await store.sql.query(`TRUNCATE ${[...new Set(tables)].join(", ")}`);
});

const work = () =>
  drainDeliveries(
    {
      store,
      process: (input) => processDelivery({ store, jobs, clock, log: silent }, input),
      clock,
      log: silent,
      concurrency: 1,
    },
    null,
  );

async function receive({ event, payload }: { readonly event: string; readonly payload: unknown }): Promise<string> {
  const { guid } = await inbox.post({ event, body: JSON.stringify(payload) });
  await work();
  return guid;
}

async function replay(guid: string): Promise<string> {
  const { code, stdout, stderr } = await cli(["replay", guid], { DATABASE_URL: url });
  expect(code, stderr).toBe(0);
  await work();
  return stdout;
}

const Outcome = z.object({ status: z.string(), reason: z.string().nullable(), jobs: z.array(z.string()).nullable() });

async function row(guid: string): Promise<z.infer<typeof Outcome>> {
  const [found] = await store.sql.query(
    `SELECT status, reason, jsonb_path_query_array(outcome, '$.jobs[*].name') AS jobs FROM deliveries WHERE guid = $1`,
    [guid],
  );
  return Outcome.parse(found);
}

/** A push of five commits to the default branch, of whose payload three were left out. */
async function push() {
  const organisation = createOrganisation({ login: "acme", now: clock.now });
  apply(organisation, "createRepository", { repository: "acme/one" });
  apply(organisation, "install", {});
  const commits = Array.from({ length: 5 }, (_, index) => ({ message: `commit ${index}` }));
  apply(organisation, "push", { repository: "acme/one", commits, truncateAt: 2 });
  const [found] = taken(organisation).filter(({ event }) => event === "push");
  if (!found) throw new Error("no push");
  return found;
}

test("a replayed push plans its work again each time; a duplicate plans none", async () => {
  const delivery = await push();
  const guid = await receive(delivery);
  const first = { status: "processed", reason: null, jobs: ["deployment", "push-commits"] };
  expect(await row(guid)).toEqual(first);
  for (const _ of [1, 2]) {
    await store.sql.query("UPDATE jobs SET status = 'done'");
    await replay(guid);
    expect(await row(guid)).toEqual(first);
  }
  await store.sql.query("UPDATE pushes SET truncated = false");
  await replay(guid);
  expect(await row(guid), "all commits are stored").toEqual({ ...first, jobs: ["deployment"] });
  const other = await receive(delivery);
  const repeated = { status: "skipped", reason: "already recorded: the same push was delivered before", jobs: [] };
  expect(await row(other)).toEqual(repeated);
  await replay(other);
  expect(await row(other)).toEqual(repeated);
});

test("runs a delivery's dead letters again", async () => {
  const guid = await receive(await push());
  await store.sql.query(`UPDATE jobs SET attempts = 8,
    status = CASE name WHEN 'push-commits' THEN 'failed' ELSE 'done' END`);
  expect(await replay(guid)).toMatch(/^Its failed job push-commits \d+\/refs\/heads\/main\/\w+\.\.\w+ runs again\.$/m);
  const waiting = "SELECT name, attempts FROM jobs WHERE status = 'waiting' ORDER BY name";
  expect(await store.sql.query(waiting)).toEqual([
    { name: "deployment", attempts: 0 },
    { name: "push-commits", attempts: 0 },
  ]);
});

test("a failed wake-up of the workers prints one line, and the work is planned anyway", async () => {
  const guid = await receive({ event: "star", payload: { action: "created" } });
  await expect(
    store.sql.query("SELECT FROM information_schema.schemata WHERE schema_name = 'bullmq'"),
  ).resolves.toEqual([]);
  const { code, stderr } = await cli(["replay", guid], { DATABASE_URL: url });
  expect(stderr).toMatch(/^The wake-up of the workers failed \(.+\); they find the work within a minute\.\n$/);
  expect(code).toBe(0);
  expect(await row(guid)).toMatchObject({ status: "received" });
});
