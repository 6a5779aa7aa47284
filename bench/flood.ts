import { randomUUID } from "node:crypto";
import { createLog } from "../src/log.js";
import { migrateQueue } from "../src/work/backend.js";
import { withTemporary } from "../src/store/embedded/temporary.js";
import { migrate } from "../src/store/migrate.js";
import type { FloodOrder } from "./load/orders.js";
import { examplePayload } from "./load/payloads.js";
import { type ServerProcess, startFlooder, startGenerator, startServer } from "./load/processes.js";

const MB = 1024 * 1024;
const SECRET = "a secret for benches that is long enough";
const PATH = "/api/github/webhooks";
const SENDERS = 64;
const BYTES = 100 * MB;
const LIMIT_MB = 64;
const POLL_MS = 20;

const NAMED = [`x-github-delivery: ${randomUUID()}`, "x-github-event: push"];
const FORGED = [...NAMED, `x-hub-signature-256: sha256=${"0".repeat(64)}`];

/** 64 senders at once, 100 MB each, none of it signed by GitHub. The worst is a forged signature over an unknown length. */
const FLOODS: readonly (Pick<FloodOrder, "headers" | "chunked"> & { readonly name: string })[] = [
  { name: "unsigned", headers: NAMED, chunked: false },
  { name: "unsigned, chunked", headers: NAMED, chunked: true },
  { name: "forged signature", headers: FORGED, chunked: false },
  { name: "forged signature, chunked", headers: FORGED, chunked: true },
];

type Report = (figure: Record<string, unknown>) => void;
type Flood = (typeof FLOODS)[number];

/**
 * How much a flood of unsigned bodies makes the process grow: the highest resident memory seen, over that before. Each
 * flood meets a process that has worked, then one that is fresh and grows by its own start too.
 */
export async function run(report: Report): Promise<void> {
  const log = createLog({ level: "warn" });
  await withTemporary({ prefix: "companyos-bench-", log, durable: true }, async (url) => {
    await migrate(url, { log });
    await migrateQueue(url);
    await withProcesses(url, async (server, flooder, stops) => {
      await warmUp(server, stops);
      for (const flood of FLOODS) await measure(report, "warm", flood, server, flooder);
    });
    for (const flood of FLOODS)
      await withProcesses(url, (server, flooder) => measure(report, "fresh", flood, server, flooder));
  });
}

type Flooder = ReturnType<typeof startFlooder>;
type Stops = (() => Promise<void>)[];

async function withProcesses(
  databaseUrl: string,
  work: (server: ServerProcess, flooder: Flooder, stops: Stops) => Promise<void>,
): Promise<void> {
  const stops: Stops = [];
  try {
    const server = await startServer("ours.ts", { secret: SECRET, databaseUrl, redisUrl: null });
    const flooder = startFlooder();
    stops.push(server.stop, flooder.stop);
    await work(server, flooder, stops);
  } finally {
    for (const stop of stops) await stop();
  }
}

async function measure(
  report: Report,
  state: "warm" | "fresh",
  { name, headers, chunked }: Flood,
  server: ServerProcess,
  flooder: Flooder,
): Promise<void> {
  const before = await server.rss();
  const flooding = flooder.run({ port: server.port, path: PATH, senders: SENDERS, bytes: BYTES, headers, chunked });
  const [peak, { statuses, sentBytes }] = await Promise.all([peakUntil(server, flooding), flooding]);
  const grewMb = Number(((peak - before) / MB).toFixed(1));
  report({
    figure: "flood",
    flood: name,
    process: state,
    senders: SENDERS,
    bodyMb: BYTES / MB,
    grewMb,
    sentMb: Math.round(sentBytes / MB),
    statuses,
    target: `<= ${LIMIT_MB} MB`,
    met: grewMb <= LIMIT_MB,
  });
}

/** Ordinary traffic first: what the process grows by at its start is not the flood's. */
async function warmUp(server: ServerProcess, stops: Stops): Promise<void> {
  const generator = startGenerator();
  stops.push(generator.stop);
  const { event, shared } = examplePayload("pull_request", 0);
  const order = { port: server.port, path: PATH, secret: SECRET, event, shared, connections: 50 };
  await generator.run({ ...order, seconds: 3, rate: null });
}

/** The highest resident memory until `done` settles. */
async function peakUntil(server: ServerProcess, done: Promise<unknown>): Promise<number> {
  const over = done.then(
    () => null,
    () => null,
  );
  for (let peak = await server.rss(); ;) {
    const pause = new Promise<true>((resolve) => setTimeout(() => resolve(true), POLL_MS));
    if ((await Promise.race([over, pause])) === null) return peak;
    peak = Math.max(peak, await server.rss());
  }
}
