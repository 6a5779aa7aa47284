import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import { readPassword, EMBEDDED_NAME } from "./cluster.js";
import { embeddedError } from "./error.js";
import type { Place } from "./place.js";
import { anyServerIn, isServerIn, stateOf } from "./processes.js";

const POLL_MS = 50;

/** The content of `postmaster.pid`: the process, its directory, and its port if it has one. */
interface LockFile {
  readonly pid: number;
  readonly directory: string;
  readonly port: number | undefined;
}

/**
 * The port of a running server on this cluster that responds, so that it can be adopted. Undefined: there is no server,
 * and one can be started, because a killed server's lock file was removed.
 * @throws ConfigError when a process holds the cluster for `timeoutMs` without responding.
 */
export async function findRunning(place: Place, timeoutMs: number): Promise<number | undefined> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const lock = readLockFile(place);
    if (!lock) return undefined;
    if (!isServer(place, lock)) return removeStale(place, deadline);
    if (await answers(place, lock)) return lock.port;
    if (Date.now() > deadline)
      throw embeddedError(
        `the embedded server (process ${lock.pid}) has not answered for ${timeoutMs} ms; see ${place.log}`,
      );
    await delay(POLL_MS);
  }
}

/** Whether a server runs on this cluster, including one that is starting or stopping. */
export function isServed(place: Place): boolean {
  const lock = readLockFile(place);
  return lock !== undefined && isServer(place, lock);
}

/** A killed server stays a zombie for a while, and another process may get its id: neither counts as a server. */
function isServer(place: Place, lock: LockFile): boolean {
  return lock.directory === place.cluster && stateOf(lock.pid) === "running" && isServerIn(lock.pid, place.cluster);
}

/** Waits until a killed server's backends have ended: starting beside them would corrupt the files. */
async function removeStale(place: Place, deadline: number): Promise<undefined> {
  while (anyServerIn(place.cluster)) {
    if (Date.now() > deadline) throw embeddedError(`processes of a killed server still run in ${place.cluster}`);
    await delay(POLL_MS);
  }
  rmSync(lockPath(place), { force: true });
}

async function answers(place: Place, lock: LockFile): Promise<boolean> {
  if (lock.port === undefined) return false;
  const client = new Client({
    host: "127.0.0.1",
    port: lock.port,
    user: EMBEDDED_NAME,
    password: readPassword(place),
    database: "postgres",
    connectionTimeoutMillis: 5_000,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: unknown }>("SHOW data_directory");
    return rows[0]?.data_directory === place.cluster;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function lockPath(place: Place): string {
  return join(place.cluster, "postmaster.pid");
}

function readLockFile(place: Place): LockFile | undefined {
  try {
    const [pid, directory, , port] = readFileSync(lockPath(place), "utf8").split("\n");
    return { pid: Number(pid), directory: directory ?? "", port: Number(port) || undefined };
  } catch {
    return undefined;
  }
}
