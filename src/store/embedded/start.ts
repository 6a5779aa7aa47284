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

/** A use of the embedded database. The server stops when the last user, of whatever process, releases it. */
export interface Embedded {
  /** `postgresql://` with its password: a secret. */
  readonly url: string;
  readonly port: number;
  release(): Promise<void>;
}

export interface EmbeddedOptions {
  readonly dataDir: string;
  readonly log: Log;
  /** false: no fsync; a crash of the machine may cost the whole database. For tests. */
  readonly durable?: boolean;
}

/**
 * Starts PostgreSQL below `dataDir`, or adopts the one that runs there already: started by another process of ours, or
 * left by one that was killed. Safe to call from many processes at once.
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
      options.log.info({ port, adopted, dataDir: options.dataDir }, "embedded PostgreSQL is up");
      return { url: `${address}/${EMBEDDED_NAME}`, port, release: releaseOnce(place, binaries, lease, options.log) };
    } catch (error) {
      await leave(place, binaries, lease);
      throw error;
    }
  });
}

/** Stops a server whose users were all killed, for folders that nobody will start again. Whether none uses it now. */
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

function releaseOnce(place: Place, binaries: Binaries, lease: string, log: Log): () => Promise<void> {
  let released: Promise<void> | undefined;
  const release = async () => {
    const others = await withProcessLock(place.lock, LOCK_MS, () => leave(place, binaries, lease));
    log.info({ others }, others > 0 ? "embedded PostgreSQL stays up for others" : "embedded PostgreSQL is stopped");
  };
  return () => (released ??= release());
}

/** Gives the lease up, and stops the server when nobody else holds one. How many others do. */
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
