import { z } from "zod";
import { floorOf, tradeOf } from "../src/github/queries/floor.js";
import { createLog } from "../src/log.js";
import { migrateQueue } from "../src/queue/backend.js";
import { withTemporary } from "../src/store/embedded/temporary.js";
import { migrate } from "../src/store/migrate.js";
import { openStore, type Store } from "../src/store/store.js";
import type { SyncRun } from "../src/store/sync/runs.js";
import { type Calls, createEngine, type Engine } from "./sync/engine.js";
import { liveLatency, startApp } from "./sync/live.js";
import { memorySamples } from "./sync/memory.js";
import { ISSUES, type Organisation, PULLS, REPOSITORIES, startOrganisation } from "./sync/organisation.js";
import { type Cost, devlake, original, type RepositoryToRead } from "./sync/rivals.js";
import { staleRows } from "./sync/stale.js";
import { storeRate } from "./sync/store-rate.js";

type Report = (figure: Record<string, unknown>) => void;

/** The rivals read a part; their cost is the same for every repository. */
const SAMPLE = 20;
const ORIGINAL_PULLS = 400;
const MUTATIONS = 10_000;
const MEMORY_EVERY_MS = 3_000;

/** Connections inside each pull request and each issue that we read, for the floor. */
const NESTED = { pulls: 5, issues: 2 };

/** Points, requests, staleness, rows a second, memory, and what a full sync does to live deliveries. */
export async function run(report: Report): Promise<void> {
  const log = createLog({ level: "warn" });
  const organisation = await startOrganisation();
  try {
    await withTemporary({ prefix: "companyos-bench-", log, durable: true }, async (url) => {
      await migrate(url, { log });
      await migrateQueue(url);
      const store = openStore({ url, poolSize: 10, applicationName: "companyos bench" });
      try {
        await measure(report, store, organisation, url);
      } finally {
        await store.close();
      }
    });
  } finally {
    await organisation.github.close();
  }
}

async function measure(report: Report, store: Store, organisation: Organisation, databaseUrl: string): Promise<void> {
  const { installationId } = organisation;
  const now = new Date(Date.now() + (await organisation.clockAhead()));
  await store.prisma.installation.create({
    data: {
      id: installationId,
      account_login: "acme",
      account_type: "Organization",
      updated_at: now,
      content_hash: "",
    },
  });
  const engine = await createEngine(store, organisation);
  await full(report, store, organisation, engine);
  await incremental(report, store, organisation, engine);
  await live(report, store, organisation, engine, databaseUrl);
  report(await storeRate(engine, store, await repositoriesOf(store)));
}

async function full(report: Report, store: Store, organisation: Organisation, engine: Engine): Promise<void> {
  const memory = memorySamples();
  const timer = setInterval(() => memory.sample(), MEMORY_EVERY_MS);
  const start = performance.now();
  const run = await engine.sync("full").finally(() => clearInterval(timer));
  const seconds = (performance.now() - start) / 1_000;
  const ours = pullsAndIssues(engine.calls);
  report({
    figure: "sync full",
    repositories: REPOSITORIES,
    pullRequests: PULLS,
    issues: ISSUES,
    status: run.status,
    seconds: Math.round(seconds),
    pausedSeconds: Math.round(run.paused_ms / 1_000),
    rowsPerSecond: Math.round((run.rows_written / seconds) * 1),
    ...costOf(run),
    calls: Object.fromEntries(engine.calls),
    stale: await staleRows(store, organisation),
    refused: await refusals(organisation),
  });
  await besideRivals(report, store, engine, ours);
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
async function besideRivals(report: Report, store: Store, engine: Engine, requests: number): Promise<void> {
  const repositories = await repositoriesOf(store);
  const counts = await store.sql.query(
    `SELECT (SELECT count(*) FROM pull_requests p WHERE p.repository_id = r.id)::int AS pulls,
       (SELECT count(*) FROM issues i WHERE i.repository_id = r.id)::int AS issues FROM repositories r`,
  );
  const sizes = z.array(z.object({ pulls: z.number(), issues: z.number() })).parse(counts);
  const listed = {
    pulls: { nested: NESTED.pulls, counts: sizes.map(({ pulls }) => pulls) },
    issues: { nested: NESTED.issues, counts: sizes.map(({ issues }) => issues) },
  };
  const floor = floorOf(listed.pulls).points + floorOf(listed.issues).points;
  const points = await pointsOf(store);

  const a: Cost = { points: 0, requests: 0 };
  const sample = repositories.slice(0, SAMPLE);
  for (const repository of sample) await devlake(engine.client, repository, a);
  const scale = repositories.length / sample.length;
  const devlakeCost = { points: Math.round(a.points * scale), requests: Math.round(a.requests * scale) };

  const b: Cost = { points: 0, requests: 0 };
  const [first] = repositories;
  const read = first ? await original(engine.client, first, b, ORIGINAL_PULLS) : 0;
  const per = PULLS / Math.max(1, read);
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
  report({
    figure: "sync floor",
    floor,
    points,
    ratio: Number((points / floor).toFixed(3)),
    target: "<= 1.15",
    met: points / floor <= 1.15,
    trade: { pullRequests: tradeOf(listed.pulls), issues: tradeOf(listed.issues) },
  });
}

async function incremental(report: Report, store: Store, organisation: Organisation, engine: Engine): Promise<void> {
  await settle(engine);
  const idle = await engine.sync("incremental");
  report({
    figure: "sync incremental, idle",
    ...costOf(idle),
    calls: Object.fromEntries(engine.calls),
    target: "<= 30 points, <= 30 requests",
    met: idle.points <= 30 && idle.requests <= 30,
  });
  for (const [index, count] of [MUTATIONS / 10, MUTATIONS].entries()) {
    await organisation.github.control.run("random", { seed: 100 + index, count });
    const start = performance.now();
    const run = await engine.sync("incremental");
    const stale = await staleRows(store, organisation);
    report({
      figure: "sync incremental after mutations",
      mutations: count,
      seconds: Math.round((performance.now() - start) / 1_000),
      status: run.status,
      ...costOf(run),
      pointsPerMutation: Number((run.points / count).toFixed(3)),
      calls: Object.fromEntries(engine.calls),
      stale,
      target: "0 stale rows",
      met: Object.values(stale).every((rows) => rows === 0),
    });
  }
}

/** What changed within the overlap of the full sync's beginning is looked at once more. */
async function settle(engine: Engine): Promise<void> {
  await engine.sync("incremental");
}

async function live(
  report: Report,
  store: Store,
  organisation: Organisation,
  engine: Engine,
  databaseUrl: string,
): Promise<void> {
  const app = await startApp(databaseUrl, organisation);
  try {
    await liveLatency(store, organisation, 20_000);
    const without = await liveLatency(store, organisation, 10_000);
    const syncing = engine.sync("full");
    const during = await liveLatency(store, organisation, 30_000);
    const ratio = during.p95 / without.p95;
    report({
      figure: "sync beside live deliveries, p95 from delivery to stored rows in ms",
      without,
      during,
      ratio: Number(ratio.toFixed(2)),
      target: "<= 2",
      met: ratio <= 2,
    });
    await syncing;
  } finally {
    await app.stop();
  }
}

function costOf(run: SyncRun) {
  const { points, requests, pages, rows_written: rowsWritten, rows_unchanged: rowsUnchanged } = run;
  return { points, requests, pages, rowsWritten, rowsUnchanged };
}

function pullsAndIssues(calls: Calls): number {
  const names = ["GET_REPOSITORY_WITH_PRS", "GET_REPOSITORY_ISSUES", "GET_PULL_REQUEST_DETAILS", "GET_ISSUE_DETAILS"];
  return names.reduce((sum, name) => sum + (calls.get(name) ?? 0), 0);
}

const Points = z.object({ points: z.coerce.number() });

/** What the pages of pull requests and issues cost: each page's points, as the floor counts them. */
async function pointsOf(store: Store): Promise<number> {
  const [row] = await store.sql.query(
    `SELECT sum(pages * CASE entity WHEN 'pull_requests' THEN ${NESTED.pulls} ELSE ${NESTED.issues} END) AS points
     FROM sync_cursors WHERE entity IN ('pull_requests', 'issues') AND lane = 'full'`,
  );
  return Points.parse(row).points;
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
