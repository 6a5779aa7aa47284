import { randomBytes } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import type { Log } from "../../log.js";
import { connect } from "../connect.js";
import { type Binaries, findBinaries } from "./binaries.js";
import { EMBEDDED_NAME, readPassword } from "./cluster.js";
import { addEntry, liveEntries } from "./entries.js";
import { makePlace, type Place } from "./place.js";
import { findRunning, isServed } from "./postmaster.js";
import { withProcessLock } from "./process-lock.js";
import { startServer, stopServer } from "./server.js";

const LOCK_MS = 180_000;
const ANSWER_MS = 60_000;
const WATCH_MS = 1_000;

/** A use of the embedded database. When the last user of any process releases it, the server stops. */
export interface Embedded {
  /** `postgresql://` with its password: a secret. */
  readonly url: string;
  readonly port: number;
  release(): Promise<void>;
}

export interface EmbeddedOptions {
  readonly dataDir: string;
  readonly log: Log;
  /** How often the server is checked (ms); default 1 s. */
  readonly watchMs?: number;
  /** false: no fsync; a crash of the machine may destroy the database. For tests. */
  readonly durable?: boolean;
}

/**
 * Starts PostgreSQL below `dataDir`, or adopts a running one that another process started or that a killed process
 * left. Safe to call from many processes at once. If the server ends while it is in use, it is restarted on its port
 * and data: every user watches it, and the lock lets one of them restart it.
 * @throws ConfigError naming DATABASE_URL when it cannot run here.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const binaries = findBinaries();
  const place = makePlace(options.dataDir);
  return withProcessLock(place.lock, LOCK_MS, async () => {
    const lease = addEntry(place.leases, "lease", 0, randomBytes(8).toString("hex"));
    try {
      const { port, adopted } = await runningOn(place, binaries, options.durable ?? true);
      const address = `postgresql://${EMBEDDED_NAME}:${readPassword(place)}@127.0.0.1:${port}`;
      await ensureDatabase(`${address}/postgres`);
      options.log.info({ port, adopted, dataDir: options.dataDir }, "embedded PostgreSQL started");
      const watch = watchServer(place, binaries, port, options);
      const release = releaseOnce(place, binaries, lease, watch, options.log);
      return { url: `${address}/${EMBEDDED_NAME}`, port, release };
    } catch (error) {
      await leave(place, binaries, lease);
      throw error;
    }
  });
}

/**
 * Stops a server whose users were all killed, for folders that will not be started again.
 * @returns whether the server is unused now.
 */
export async function stopAbandoned(dataDir: string): Promise<boolean> {
  const binaries = findBinaries();
  const place = makePlace(dataDir);
  return withProcessLock(place.lock, LOCK_MS, async () => {
    if (liveEntries(place.leases, "lease").length > 0) return false;
    if (isServed(place)) await stopServer(place, binaries);
    return true;
  });
}

async function runningOn(
  place: Place,
  binaries: Binaries,
  durable: boolean,
): Promise<{ port: number; adopted: boolean }> {
  if (existsSync(place.cluster)) readPassword(place);
  const port = await findRunning(place, ANSWER_MS);
  if (port !== undefined) return { port, adopted: true };
  return { port: await startServer(place, binaries, durable), adopted: false };
}

interface Watch {
  /** Resolves when no start is in progress. */
  stop(): Promise<void>;
}

function watchServer(place: Place, binaries: Binaries, port: number, options: EmbeddedOptions): Watch {
  const { log, watchMs = WATCH_MS, durable = true } = options;
  let stopped = false;
  const look = async (): Promise<void> => {
    if (isServed(place)) return;
    await withProcessLock(place.lock, LOCK_MS, async () => {
      // Another process may have started it meanwhile; a server that was stopped on purpose has no users and no watch.
      if (stopped || isServed(place)) return;
      log.warn({ port, dataDir: options.dataDir }, "embedded PostgreSQL ended; restarting");
      await findRunning(place, ANSWER_MS);
      await startServer(place, binaries, durable, port);
      log.info({ port }, "embedded PostgreSQL restarted");
    });
  };
  let looking = Promise.resolve();
  const checkServer = async (): Promise<void> => {
    try {
      await look();
    } catch (error) {
      log.error({ err: error, port }, "embedded PostgreSQL does not start; will retry");
    }
    if (!stopped) timer = setTimeout(again, watchMs).unref();
  };
  const again = (): void => {
    looking = checkServer();
  };
  let timer = setTimeout(again, watchMs).unref();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}

function releaseOnce(place: Place, binaries: Binaries, lease: string, watch: Watch, log: Log): () => Promise<void> {
  let released: Promise<void> | undefined;
  const release = async () => {
    await watch.stop();
    const others = await withProcessLock(place.lock, LOCK_MS, () => leave(place, binaries, lease));
    log.info(
      { others },
      others > 0 ? "embedded PostgreSQL keeps running for other processes" : "embedded PostgreSQL stopped",
    );
  };
  return () => (released ??= release());
}

/**
 * Releases the lease, and stops the server when no lease is left.
 * @returns how many leases are left.
 */
async function leave(place: Place, binaries: Binaries, lease: string): Promise<number> {
  rmSync(lease, { force: true });
  const others = liveEntries(place.leases, "lease").length;
  if (others === 0 && isServed(place)) await stopServer(place, binaries);
  return others;
}

async function ensureDatabase(url: string): Promise<void> {
  const client = await connect(url);
  try {
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [EMBEDDED_NAME]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${EMBEDDED_NAME}`);
  } finally {
    await client.end();
  }
}
