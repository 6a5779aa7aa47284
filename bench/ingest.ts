import { Redis } from "ioredis";
import { createLog } from "../src/log.js";
import { migrateQueue } from "../src/work/backend.js";
import { withTemporary } from "../src/store/embedded/temporary.js";
import { migrate } from "../src/store/migrate.js";
import { openStore } from "../src/store/store.js";
import { redisAvailable, startRedis } from "../test/support/redis.js";
import { type Cpus, shareCpus } from "./load/cpus.js";
import type { LoadResult } from "./load/orders.js";
import { type BenchPayload, examplePayload } from "./load/payloads.js";
import { type Generator, type ServerProcess, startGenerator, startServer } from "./load/processes.js";
import { median } from "./load/median.js";

type Report = (figure: Record<string, unknown>) => void;

const SECRET = "a secret for benches that is long enough";
const PATH = "/api/github/webhooks";
const CONNECTIONS = 50;
const ROUNDS = 5;
const SECONDS = 3;
const WARM_UP_SECONDS = 1.5;
const RATE_SECONDS = 4;

const PAYLOADS: Readonly<Record<string, BenchPayload>> = {
  "6 KB": examplePayload("push", 2),
  "21 KB": examplePayload("pull_request", 0),
};

interface Row {
  readonly name: string;
  readonly server: ServerProcess;
}

interface Target {
  readonly over: string;
  /** Null: shown, without a target. */
  readonly atLeast: number | null;
}

const OURS = "ours";
/** Its latency says what the machine allows: a slow second of it is nobody's fault. */
const LIMIT = "raw http + HMAC";
const TARGETS: readonly Target[] = [
  { over: "probot, empty handler", atLeast: 1.6 },
  { over: "probot + INSERT", atLeast: 2.5 },
  { over: "probot's middleware, no log", atLeast: null },
];

/**
 * Deliveries a second, side by side in one run: each server in a process of its own, one generator process, the rows in
 * turn, the median of the rounds. Then the latency of ours, and of the limit beside it, at 80 % of the rate that each reaches.
 */
export async function run(report: Report): Promise<void> {
  const log = createLog({ level: "warn" });
  const cpus = shareCpus();
  report({ figure: "ingest cpus", cpus: cpus.said });
  try {
    await withTemporary({ prefix: "companyos-bench-", log, durable: true }, async (url) => {
      await migrate(url, { log });
      await migrateQueue(url);
      await compare(report, url, cpus);
    });
  } finally {
    cpus.release();
  }
}

async function compare(report: Report, databaseUrl: string, cpus: Cpus): Promise<void> {
  const place = await open(databaseUrl, cpus);
  try {
    report({ figure: "ingest database", ...(await place.settings()) });
    if (!redisAvailable)
      report({
        figure: "ingest rows left out",
        rows: ["ours, with the queue in Redis", "probot + BullMQ add"],
        remedy: "apt-get install redis-server",
      });
    const rows = await place.rows();
    for (const [size, payload] of Object.entries(PAYLOADS))
      await measure(report, place.generator, rows, size, payload, place.clear);
  } finally {
    await place.close();
  }
}

async function measure(
  report: Report,
  generator: Generator,
  rows: readonly Row[],
  size: string,
  payload: BenchPayload,
  clear: () => Promise<void>,
): Promise<void> {
  const order = { path: PATH, secret: SECRET, event: payload.event, shared: payload.shared, connections: CONNECTIONS };
  const load: Load = async (row, seconds, rate) => {
    const result = await generator.run({ ...order, port: row.server.port, seconds, rate });
    if (result.refused > 0) throw new Error(`${row.name} refused ${result.refused} deliveries`);
    return result;
  };
  const rates = new Map(rows.map(({ name }) => [name, new Array<number>()]));
  for (const row of rows) await load(row, WARM_UP_SECONDS, null);
  for (let round = 0; round < ROUNDS; round++) {
    for (const row of rows) {
      rates.get(row.name)?.push((await load(row, SECONDS, null)).perSecond);
      await clear();
    }
  }
  const rateOf = (name: string): number => median(rates.get(name) ?? []);
  for (const { name } of rows)
    report({
      figure: "ingest",
      row: name,
      size,
      bytes: payload.bytes,
      perSecond: Math.round(rateOf(name)),
      rounds: rates.get(name)?.map(Math.round),
    });
  for (const { over, atLeast } of TARGETS) {
    if (!rates.has(over)) continue;
    const ratio = rateOf(OURS) / rateOf(over);
    report({
      figure: "ingest ratio",
      size,
      ours: OURS,
      over,
      ratio: Number(ratio.toFixed(2)),
      ...(atLeast !== null && { target: `>= ${atLeast}`, met: ratio >= atLeast }),
    });
  }
  const measured = rows.filter(({ name }) => name === LIMIT || name.startsWith(OURS));
  for (const [name, rounds] of await latenciesOf(measured, load, clear)) reportLatency(report, name, size, rounds);
}

type Load = (row: Row, seconds: number, rate: number | null) => Promise<LoadResult>;

interface RatedRound {
  /** Deliveries a second. */
  readonly rate: number;
  readonly result: LoadResult;
}

/**
 * Rounds at 80 % of the rate that the row has just reached: a machine that is shared is twice as fast in one minute as in
 * the next, and 80 % of another minute's rate may be more than all of this one's.
 */
async function latenciesOf(
  rows: readonly Row[],
  load: Load,
  clear: () => Promise<void>,
): Promise<ReadonlyMap<string, readonly RatedRound[]>> {
  const latencies = new Map(rows.map(({ name }) => [name, new Array<RatedRound>()]));
  // They have rested while the others had their turn.
  for (const row of rows) await load(row, WARM_UP_SECONDS, null);
  for (let round = 0; round < ROUNDS; round++) {
    for (const row of rows) {
      await clear();
      const rate = Math.round((await load(row, SECONDS, null)).perSecond * 0.8);
      await clear();
      latencies.get(row.name)?.push({ rate, result: await load(row, RATE_SECONDS, rate) });
    }
  }
  return latencies;
}

function reportLatency(report: Report, row: string, size: string, rounds: readonly RatedRound[]): void {
  const middle = (of: (result: LoadResult) => number): number =>
    Number(median(rounds.map(({ result }) => of(result))).toFixed(1));
  const p99Ms = middle(({ p99 }) => p99);
  report({
    figure: "ingest latency",
    row,
    size,
    rate: median(rounds.map(({ rate }) => rate)),
    reached: Math.round(middle(({ perSecond }) => perSecond)),
    p50Ms: middle(({ p50 }) => p50),
    p99Ms,
    rounds: rounds.map(({ result }) => Math.round(result.p99)),
    ...(row !== LIMIT && { target: "p99 <= 40", met: p99Ms <= 40 }),
  });
}

async function open(databaseUrl: string, cpus: Cpus) {
  const redis = redisAvailable ? await startRedis() : null;
  const servers: ServerProcess[] = [];
  const generator = startGenerator();
  const store = openStore({ url: databaseUrl, poolSize: 1, applicationName: "bench" });
  const flusher = redis ? new Redis(redis.url) : null;
  const start = async (file: string, name: string, redisUrl: string | null): Promise<Row> => {
    const server = await startServer(file, { secret: SECRET, databaseUrl, redisUrl });
    servers.push(server);
    cpus.giveServer(server.pid);
    return { name, server };
  };
  return {
    generator,
    async rows(): Promise<readonly Row[]> {
      const rows = [
        await start("raw.ts", LIMIT, null),
        await start("probot.ts", "probot, empty handler", null),
        await start("probot-middleware.ts", "probot's middleware, no log", null),
        await start("probot-insert.ts", "probot + INSERT", null),
        await start("ours.ts", OURS, redis?.url ?? null),
      ];
      if (redis) {
        rows.push(await start("probot-bullmq.ts", "probot + BullMQ add", redis.url));
        rows.push(await start("ours.ts", `${OURS}, queue in PostgreSQL`, null));
      }
      return rows;
    },
    async settings() {
      const read = async (name: string): Promise<unknown> => (await store.sql.query(`SHOW ${name}`))[0]?.[name];
      return {
        fsync: await read("fsync"),
        synchronous_commit: await read("synchronous_commit"),
        version: await read("server_version"),
        queue: redis ? "redis" : "postgres",
      };
    },
    /** What a row leaves to do, the next one must not pay for: payloads as job data in Redis, pages to write in PostgreSQL. */
    async clear(): Promise<void> {
      await flusher?.flushall();
      await store.sql.query("CHECKPOINT");
    },
    async close(): Promise<void> {
      for (const server of servers) await server.stop();
      await generator.stop();
      flusher?.disconnect();
      await redis?.stop();
      await store.close();
    },
  };
}
