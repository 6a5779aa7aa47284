import { existsSync, lstatSync, readFileSync, renameSync } from "node:fs";
import type { Binaries } from "./binaries.js";
import { ensureCluster } from "./cluster.js";
import { embeddedError } from "./error.js";
import { freePort, isFree } from "./free-port.js";
import type { Place } from "./place.js";
import { isServed } from "./postmaster.js";
import { run } from "./run.js";
import { chooseServerUser, type ServerUser } from "./server-user.js";

const START_SECONDS = 60;
const STOP_SECONDS = 30;
const PORTS_TRIED = 5;
const LOG_LINES_SHOWN = 5;

/** A log above this many bytes is renamed at the next start. */
const LOG_BYTES = 10_000_000;

/** Only the loopback, without a socket file: the path of a temporary folder may be too long for one. */
const SETTINGS = [
  "listen_addresses=127.0.0.1",
  "unix_socket_directories=",
  "timezone=UTC",
  "log_timezone=UTC",
  "log_checkpoints=off",
];
/** A burst without reusable WAL files waits for each new one, 16 MB of zeros and their fsync: about 50 ms. */
const DURABLE = ["min_wal_size=512MB"];
/**
 * For data that may be lost with the machine: tests, demonstrations. Commits still survive a crash of the server's
 * process.
 */
const NOT_DURABLE = ["fsync=off", "full_page_writes=off", "max_connections=300"];

/**
 * Starts a server on the cluster, and creates the cluster if it does not exist. The server outlives this process.
 * @param fixedPort the port that its users know; default: a free one.
 */
export async function startServer(
  place: Place,
  binaries: Binaries,
  durable: boolean,
  fixedPort?: number,
): Promise<number> {
  const user = chooseServerUser(place.server, binaries.initdb);
  await ensureCluster(place, binaries, user, durable);
  if (existsSync(place.log) && lstatSync(place.log).size > LOG_BYTES) renameSync(place.log, `${place.log}.1`);
  for (let left = PORTS_TRIED; ; left -= 1) {
    const port = fixedPort ?? (await freePort());
    const settings = [`port=${port}`, ...SETTINGS, ...(durable ? DURABLE : NOT_DURABLE)]
      .map((setting) => `-c ${setting}`)
      .join(" ");
    const args = [
      "start",
      "-D",
      place.cluster,
      "-l",
      place.log,
      "-w",
      "-t",
      String(START_SECONDS),
      "-s",
      "-o",
      settings,
    ];
    const result = await run(user, place.server, binaries.pgCtl, args);
    if (result.code === 0) return port;
    // Another process took the port after it was chosen.
    if (fixedPort === undefined && left > 1 && !(await isFree(port))) continue;
    throw embeddedError(`the embedded server does not start: ${result.output}\n${lastLines(place.log)}`);
  }
}

/**
 * Fast shutdown: open transactions are rolled back, and everything acknowledged is on disk. A server that cannot shut
 * down is killed: commits are in its log, and the next start recovers them. PostgreSQL 18 hangs if it is stopped in the
 * first moment of a recovery, for example after a full disk, because its checkpointer misses the signal.
 */
export async function stopServer(place: Place, binaries: Binaries, orderlySeconds = STOP_SECONDS): Promise<void> {
  const stop = (mode: "fast" | "immediate", seconds: number) => {
    const args = ["stop", "-D", place.cluster, "-m", mode, "-w", "-t", String(seconds), "-s"];
    return run(ownerOf(place.server), place.server, binaries.pgCtl, args);
  };
  const orderly = await stop("fast", orderlySeconds);
  if (orderly.code === 0 || !isServed(place)) return;
  const result = await stop("immediate", STOP_SECONDS);
  if (result.code === 0 || !isServed(place)) return;
  throw new Error(`the embedded server does not stop: ${orderly.output}${result.output}\n${lastLines(place.log)}`);
}

/** The server's user is the owner of its directory. */
function ownerOf(directory: string): ServerUser {
  if (process.getuid?.() !== 0) return { kind: "self" };
  const { uid, gid } = lstatSync(directory);
  return uid === 0 ? { kind: "namespace", uid: 1000 } : { kind: "user", name: String(uid), uid, gid };
}

function lastLines(path: string): string {
  try {
    return readFileSync(path, "utf8").trim().split("\n").slice(-LOG_LINES_SHOWN).join("\n");
  } catch {
    return "";
  }
}
