import { z } from "zod";
import { createLog } from "../src/log.js";
import { migrateQueue } from "../src/work/backend.js";
import { withTemporary } from "../src/store/embedded/temporary.js";
import { migrate } from "../src/store/migrate.js";
import { openStore, type Store } from "../src/store/store.js";
import type { SyncRun } from "../src/store/sync/runs.js";
import { createEngine, type Engine } from "./sync/engine.js";
import { besideFloors, type EntityCost } from "./sync/floors.js";
import { fullSync, liveLatency, startApp } from "./sync/live.js";
import { collected, memorySamples } from "./sync/memory.js";
import { type Organisation, SCALE, sizeOf, startOrganisation } from "./sync/organisation.js";
import { type Cost, devlake, original, type RepositoryToRead } from "./sync/rivals.js";
import { staleRows } from "./sync/stale.js";
import { storeRate } from "./sync/store-rate.js";

type Report = (figure: Record<string, unknown>) => void;

/** The rivals read a part; their cost is the same for every repository. */
const SAMPLE = 20;
const ORIGINAL_PULLS = 400;
const MUTATIONS = 10_000;
const MEMORY_EVERY_MS = 3_000;
/** The organisation to which the cost of changes is compared. */
const SMALLER = 0.2;

/** Points, requests, staleness, rows a second, memory, and what a full sync does to live deliveries. */
export async function run(report: Report): Promise<void> {
  const large = await inOrganisation(SCALE, async (given) => {
    const engine = await measured(report, given);
    const cost = await mutations(report, given, engine);
    await live(report, given, engine);
    report(await storeRate(engine, given.store, await repositoriesOf(given.store)));
    return cost;
  });
  const small = await inOrganisation(SCALE * SMALLER, async (given) => {
    const engine = await createEngine(given.store, given.organisation);
    await engine.sync("full");
    await settle(engine);
    return mutations(report, given, engine);
  });
  report({
    figure: "sync incremental, cost of the same changes in a smaller organisation",
    mutations: MUTATIONS / 10,
    of: { large: sizeOf(SCALE), small: sizeOf(SCALE * SMALLER) },
    large,
    small,
    pointsRatio: Number((large.points / small.points).toFixed(2)),
    requestsRatio: Number((large.requests / small.requests).toFixed(2)),
  });
}

interface Given {
  readonly store: Store;
  readonly organisation: Organisation;
  readonly databaseUrl: string;
}

/** A database and an organisation of that size on which the App is installed, for as long as the work takes. */
async function inOrganisation<T>(scale: number, work: (given: Given) => Promise<T>): Promise<T> {
  const log = createLog({ level: "warn" });
  const organisation = await startOrganisation(scale);
  try {
    return await withTemporary({ prefix: "companyos-bench-", log, durable: true }, async (databaseUrl) => {
      await migrate(databaseUrl, { log });
      await migrateQueue(databaseUrl);
      const store = openStore({ url: databaseUrl, poolSize: 10, applicationName: "companyos bench" });
      try {
        await install(store, organisation);
        return await work({ store, organisation, databaseUrl });
      } finally {
        await store.close();
      }
    });
  } finally {
    await organisation.github.close();
  }
}

async function install(store: Store, organisation: Organisation): Promise<void> {
  const now = new Date(Date.now() + (await organisation.clockAhead()));
  const { installationId: id } = organisation;
  await store.prisma.installation.create({
    data: { id, account_login: "acme", account_type: "Organization", updated_at: now, content_hash: "" },
  });
}

async function measured(report: Report, { store, organisation }: Given): Promise<Engine> {
  const engine = await createEngine(store, organisation);
  await full(report, store, organisation, engine);
  await idle(report, engine);
  return engine;
}

async function full(report: Report, store: Store, organisation: Organisation, engine: Engine): Promise<void> {
  const memory = memorySamples();
  const timer = setInterval(() => memory.add(collected()), MEMORY_EVERY_MS);
  const start = performance.now();
  const run = await engine.sync("full").finally(() => clearInterval(timer));
  const seconds = (performance.now() - start) / 1_000;
  const costs = await besideFloors(store, engine.calls);
  report({
    figure: "sync full",
    ...sizeOf(SCALE),
    status: run.status,
    seconds: Math.round(seconds),
    pausedSeconds: Math.round(run.paused_ms / 1_000),
    rowsPerSecond: Math.round(run.rows_written / seconds),
    ...costOf(run),
    calls: Object.fromEntries(engine.calls),
    stale: await staleRows(store, organisation),
    refused: await refusals(organisation),
  });
  await besideRivals(report, store, engine, costs);
  for (const cost of costs)
    report({ figure: `sync floor, ${cost.entity}`, ...cost, target: "<= 1.15", met: cost.ratio <= 1.15 });
  const { lowMb, highMb, samples } = memory.spread();
  report({
    figure: "sync memory after a forced collection, from 20% to 100% of a full sync",
    lowMb,
    highMb,
    samples,
    target: "within 20% of the middle",
    met: highMb <= ((lowMb + highMb) / 2) * 1.2,
  });
}

/** The same fields of the same pull requests and issues, by each plan. */
async function besideRivals(report: Report, store: Store, engine: Engine, costs: readonly EntityCost[]): Promise<void> {
  const repositories = await repositoriesOf(store);
  const both = costs.filter(({ entity }) => entity === "pull requests" || entity === "issues");
  const sum = (of: (cost: EntityCost) => number): number => both.reduce((total, cost) => total + of(cost), 0);
  const points = sum((cost) => cost.points);
  const requests = sum((cost) => cost.requests);

  const a: Cost = { points: 0, requests: 0 };
  const sample = repositories.slice(0, SAMPLE);
  for (const repository of sample) await devlake(engine.client, repository, a);
  const scale = repositories.length / sample.length;
  const devlakeCost = { points: Math.round(a.points * scale), requests: Math.round(a.requests * scale) };

  const b: Cost = { points: 0, requests: 0 };
  const [first] = repositories;
  const read = first ? await original(engine.client, first, b, ORIGINAL_PULLS) : 0;
  const per = sizeOf(SCALE).pullRequests / Math.max(1, read);
  const originalCost = { points: Math.round(b.points * per), requests: Math.round(b.requests * per) };

  report({
    figure: "sync pull requests and issues beside other plans, the same fields",
    ours: { points, requests },
    devlake: { ...devlakeCost, measuredOn: `${sample.length} repositories, x ${scale}` },
    original: { ...originalCost, measuredOn: `${read} pull requests, x ${Math.round(per)}; no issues` },
    pointsRatio: Number((points / devlakeCost.points).toFixed(3)),
    requestsRatio: Number((requests / devlakeCost.requests).toFixed(4)),
    target: "<= 0.5 x the points, <= 0.125 x the requests of devlake",
    met: points <= 0.5 * devlakeCost.points && requests <= devlakeCost.requests / 8,
  });
}

async function idle(report: Report, engine: Engine): Promise<void> {
  await settle(engine);
  const run = await engine.sync("incremental");
  report({
    figure: "sync incremental, idle",
    ...costOf(run),
    calls: Object.fromEntries(engine.calls),
    target: "<= 30 points, <= 30 requests",
    met: run.points <= 30 && run.requests <= 30,
  });
}

/** Gives what a tenth of the changes cost. */
async function mutations(report: Report, { store, organisation }: Given, engine: Engine) {
  const costs: { points: number; requests: number }[] = [];
  for (const [index, count] of [MUTATIONS / 10, MUTATIONS].entries()) {
    await organisation.github.control.run("random", { seed: 100 + index, count });
    const start = performance.now();
    const run = await engine.sync("incremental");
    const seconds = Math.round((performance.now() - start) / 1_000);
    const stale = await staleRows(store, organisation);
    costs.push({ points: run.points, requests: run.requests });
    report({
      figure: "sync incremental after mutations",
      mutations: count,
      seconds,
      status: run.status,
      ...costOf(run),
      pointsPerMutation: Number((run.points / count).toFixed(3)),
      calls: Object.fromEntries(engine.calls),
      stale,
      target: "0 stale rows",
      met: Object.keys(stale).length === 0,
    });
  }
  const [tenth = { points: 0, requests: 0 }] = costs;
  return tenth;
}

/** What changed within the overlap of the full sync's beginning is looked at once more. */
async function settle(engine: Engine): Promise<void> {
  await engine.sync("incremental");
}

/** The app itself takes the deliveries and makes the full sync, at the pace that it has at GitHub. */
async function live(report: Report, { store, organisation, databaseUrl }: Given, engine: Engine): Promise<void> {
  const app = await startApp(databaseUrl, organisation);
  let without;
  let during;
  let done;
  try {
    await liveLatency(store, organisation, 20_000);
    without = await liveLatency(store, organisation, 10_000);
    await app.sync();
    during = await liveLatency(store, organisation, 30_000);
    done = await fullSync(store, organisation);
  } finally {
    await app.stop();
  }
  // The rest of it at the bench's own pace, and what changed meanwhile.
  await engine.sync("full");
  await engine.sync("incremental");
  const ratio = during.p95 / without.p95;
  report({
    figure: "sync beside live deliveries, p95 from delivery to stored rows in ms",
    without,
    during,
    syncMeanwhile: done,
    ratio: Number(ratio.toFixed(2)),
    stale: await staleRows(store, organisation),
    target: "<= 2",
    met: ratio <= 2 && done.pages > 0,
  });
}

function costOf(run: SyncRun) {
  const { points, requests, pages, rows_written: rowsWritten, rows_unchanged: rowsUnchanged } = run;
  return { points, requests, pages, rowsWritten, rowsUnchanged };
}

const Repository = z.object({ id: z.coerce.number(), nodeId: z.string(), owner: z.string(), name: z.string() });

async function repositoriesOf(store: Store): Promise<readonly (RepositoryToRead & { readonly id: number })[]> {
  const rows = await store.sql.query(
    `SELECT id::text AS id, node_id AS "nodeId", owner_login AS owner, name FROM repositories
     WHERE deleted_at IS NULL ORDER BY id`,
  );
  return rows.map((row) => Repository.parse(row));
}

async function refusals({ github, installationId }: Organisation): Promise<unknown> {
  const { callers } = await github.control.run("counters", {});
  return callers[`installation ${installationId}`]?.refused ?? {};
}
