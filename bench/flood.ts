import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog } from "../src/log.js";
import { migrateQueue } from "../src/queue/backend.js";
import { startEmbedded } from "../src/store/embedded/start.js";
import { migrate } from "../src/store/migrate.js";
import type { FloodOrder } from "./load/orders.js";
import { examplePayload } from "./load/payloads.js";
import { type ServerProcess, startFlooder, startGenerator, startServer } from "./load/processes.js";

const MB = 1024 * 1024;
const SECRET = "a secret for benches, long enough";
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

/** How much a flood of unsigned bodies makes the process grow: the highest resident memory seen, over that before. */
export async function run(report: (figure: Record<string, unknown>) => void): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "companyos-bench-"));
  const log = createLog({ level: "warn" });
  const embedded = await startEmbedded({ dataDir, log });
  const stops: (() => Promise<void>)[] = [];
  try {
    await migrate(embedded.url, { log });
    await migrateQueue(embedded.url);
    const server = await startServer("ours.mjs", { secret: SECRET, databaseUrl: embedded.url, redisUrl: null });
    const flooder = startFlooder();
    stops.push(server.stop, flooder.stop);
    await warmUp(server, stops);
    for (const { name, headers, chunked } of FLOODS) {
      const before = await server.rss();
      const flooding = flooder.run({ port: server.port, path: PATH, senders: SENDERS, bytes: BYTES, headers, chunked });
      const [peak, { statuses, sentBytes }] = await Promise.all([peakUntil(server, flooding), flooding]);
      const grewMb = Number(((peak - before) / MB).toFixed(1));
      report({
        figure: "flood",
        flood: name,
        senders: SENDERS,
        bodyMb: BYTES / MB,
        grewMb,
        sentMb: Math.round(sentBytes / MB),
        statuses,
        target: `<= ${LIMIT_MB} MB`,
        met: grewMb <= LIMIT_MB,
      });
    }
  } finally {
    for (const stop of stops) await stop();
    await embedded.release();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Ordinary traffic first: what the process grows by at its start is not the flood's. */
async function warmUp(server: ServerProcess, stops: (() => Promise<void>)[]): Promise<void> {
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
