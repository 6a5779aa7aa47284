import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { InvalidError, NetworkError } from "../src/errors.js";
import { GRACE_MS } from "../src/facts/installation.js";
import { drainDeliveries, type DrainOptions } from "../src/process/worker.js";
import { registryOf } from "../src/jobs/define-job.js";
import { JOBS } from "../src/jobs/registry.js";
import { jobRunner } from "../src/work/run-job.js";
import { processDelivery } from "../src/process/process-delivery.js";
import { exportTenant } from "../src/store/export-tenant.js";
import { parseJson } from "../src/unchecked.js";
import { withDatabase } from "./support/database.js";
import { examplesOf } from "./support/examples.js";
import { silent, startInbox, type TestInbox } from "./support/inbox.js";

/** Whose a delivery is that was not processed: by way of the inbox and a worker, to an export and a purge. */
const { store } = await withDatabase();
const registry = registryOf(JOBS);
let now = new Date();
let inbox: TestInbox;
const clock = { now: () => now };

beforeEach(async () => {
  await store.sql.query("TRUNCATE deliveries, delivery_bodies, installations, repositories, jobs, issues");
  now = new Date();
  inbox = await startInbox({ store, clock });
});
afterEach(() => inbox.close());

const Issue = z.looseObject({ issue: z.looseObject({}), repository: z.looseObject({ id: z.int() }) });
const opened = Issue.parse(parseJson(readFileSync("test/fixtures/issues.opened.json", "utf8")));
const INSTALLATION = 2_311_213;
const REPOSITORY = opened.repository.id;
const issue = (more: object = {}): string =>
  JSON.stringify({ ...opened, ...more, installation: { id: INSTALLATION, node_id: "" } });
/** No handler can read it. */
const misfit = issue({ issue: { ...opened.issue, title: 7 } });

const process: DrainOptions["process"] = (input) =>
  processDelivery({ store, jobs: registry, clock, log: silent }, input);

const drain = (by = process) =>
  drainDeliveries({ store, process: by, clock, log: silent, concurrency: 1, random: () => 0 }, null);

async function receive(body: string, event = "issues"): Promise<string> {
  const { guid, status } = await inbox.post({ body, event });
  expect(status).toBe(202);
  return guid;
}

async function row(guid: string): Promise<Record<string, unknown>> {
  const [found] = await store.sql.query("SELECT * FROM deliveries WHERE guid = $1", [guid]);
  return found ?? {};
}

const Line = z.object({ table: z.string(), row: z.looseObject({ guid: z.string().optional() }) });

/** The tables and GUIDs of the deliveries that an export writes, sorted. */
async function exported(): Promise<readonly string[]> {
  const found: string[] = [];
  await exportTenant(store, BigInt(INSTALLATION), async (line) => {
    const { table, row: its } = Line.parse(parseJson(line));
    if (table === "deliveries" || table === "delivery_bodies") found.push(`${table} ${its.guid}`);
  });
  return found.toSorted();
}

async function guids(table: "deliveries" | "delivery_bodies"): Promise<readonly string[]> {
  return (await store.sql.query(`SELECT guid FROM ${table}`)).map(({ guid }) => String(guid));
}

/** Uninstalls by GitHub's own delivery, and runs the purge that it plans when it is due. */
async function uninstall(): Promise<void> {
  const [example] = examplesOf("installation").filter(({ payload }) => payload["action"] === "deleted");
  const theirs = z.looseObject({ installation: z.looseObject({}) }).parse(example?.payload);
  const installation = { ...theirs.installation, id: INSTALLATION };
  await receive(JSON.stringify({ ...theirs, installation }), "installation");
  await drain();
  now = new Date(now.getTime() + GRACE_MS + 1_000);
  const none = (): never => {
    throw new InvalidError("a purge asks nobody");
  };
  const run = jobRunner({
    store,
    registry,
    clock,
    log: silent,
    reader: none,
    writer: none,
    wake: async () => undefined,
    random: () => 0,
    token: () => "the test's",
    leaseMs: 60_000,
  });
  const [job] = await store.sql.query("SELECT id FROM jobs WHERE name = 'purge-tenant'");
  await run(BigInt(String(job?.["id"])), new AbortController().signal);
  const [ended] = await store.sql.query("SELECT status FROM jobs WHERE name = 'purge-tenant'");
  expect(ended).toEqual({ status: "done" });
}

describe("a delivery that is not processed", () => {
  test("is its installation's when it failed, waits for a retry, or is a duplicate of either", async () => {
    const failed = await receive(misfit);
    const duplicate = await receive(misfit);
    await drain();
    const retrying = await receive(issue());
    // This one comes before anybody knows whose its first one is.
    const early = await receive(issue());
    await drain(() => Promise.reject(new NetworkError("no answer")));
    const [a, b, c, d] = await Promise.all([failed, duplicate, retrying, early].map(row));
    const whose = {
      installation_id: String(INSTALLATION),
      repository_id: String(REPOSITORY),
      action: "opened",
      subject: "issue:1",
    };
    expect(a).toMatchObject({ status: "failed", ...whose });
    expect(b).toMatchObject({ status: "duplicate", duplicate_of: failed });
    expect(c).toMatchObject({ status: "retry", ...whose });
    expect(d).toMatchObject({ status: "duplicate", duplicate_of: retrying });
    expect(await exported()).toEqual(
      [
        ...[failed, duplicate, retrying, early].map((guid) => `deliveries ${guid}`),
        ...[failed, retrying].map((guid) => `delivery_bodies ${guid}`),
      ].toSorted(),
    );
  });

  test("goes with its body when the installation is purged, and another's stays", async () => {
    const other = await receive(JSON.stringify({ ...parseObject(misfit), installation: { id: 8 } }));
    const others = await receive(JSON.stringify({ ...parseObject(misfit), installation: { id: 8 } }));
    await receive(misfit);
    await receive(misfit);
    await drain();
    await uninstall();
    expect((await guids("deliveries")).toSorted()).toEqual([other, others].toSorted());
    expect(await guids("delivery_bodies")).toEqual([other]);
  });

  test("attributes a delivery without an installation through its repository", async () => {
    await receive(issue());
    await drain();
    const failed = await receive(JSON.stringify({ ...parseObject(misfit), installation: undefined }));
    await drain();
    expect(await row(failed)).toMatchObject({ status: "failed", installation_id: String(INSTALLATION) });
  });

  test("keeps the fields that an earlier attempt has read when its body is deleted", async () => {
    const guid = await receive(misfit);
    await drain();
    await store.sql.query("DELETE FROM delivery_bodies");
    await store.sql.query("UPDATE deliveries SET status = 'received'");
    await drain();
    expect(await row(guid)).toMatchObject({
      status: "failed",
      reason: "the body of the delivery is no longer stored",
      installation_id: String(INSTALLATION),
      repository_id: String(REPOSITORY),
    });
  });
});

function parseObject(text: string): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).parse(parseJson(text));
}
