import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { reportMissing } from "../../../test/support/missing.js";
import { createLog } from "../../log.js";
import { findBinaries } from "./binaries.js";
import { makePlace } from "./place.js";
import { isServerIn, stateOf } from "./processes.js";
import { stopServer } from "./server.js";
import { type Embedded, startEmbedded, stopAbandoned } from "./start.js";
import { built } from "../../../test/support/built.js";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const log = createLog({ level: "silent" });
const isRoot = process.getuid?.() === 0;
const USER_SCRIPT = built("test/support/embedded-user.ts");
const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A cluster to copy: making one is what takes the time. */
const template = mkdtempSync(join(tmpdir(), "companyos-embedded-template-"));
beforeAll(async () => {
  await (await startEmbedded({ dataDir: template, log, durable: false })).release();
});
afterAll(() => rmSync(template, { recursive: true, force: true }));

function usedDataDir(): string {
  const directory = newDataDir();
  cpSync(join(template, "postgres/server"), join(directory, "postgres/server"), { recursive: true });
  return directory;
}

function newDataDir(mode = 0o700): string {
  const directory = mkdtempSync(join(tmpdir(), "companyos embedded é-"));
  chmodSync(directory, mode);
  cleanups.push(() => {
    const pid = postmasterPid(directory);
    if (pid !== undefined && isServerIn(pid, clusterOf(directory))) process.kill(pid, "SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  });
  return directory;
}

/** The folders that hold a file, up to the root. */
function above(file: string): readonly string[] {
  const folder = dirname(file);
  return folder === file ? [] : [folder, ...above(folder)];
}

const clusterOf = (dataDir: string) => join(dataDir, "postgres/server/cluster");
const lockFileOf = (dataDir: string) => join(clusterOf(dataDir), "postmaster.pid");

function postmasterPid(dataDir: string): number | undefined {
  if (!existsSync(lockFileOf(dataDir))) return undefined;
  return Number(readFileSync(lockFileOf(dataDir), "utf8").split("\n")[0]);
}

async function start(dataDir: string): Promise<Embedded> {
  const database = await startEmbedded({ dataDir, log, durable: false });
  cleanups.push(() => database.release());
  return database;
}

/** Another process that uses the database. */
async function startElsewhere(
  dataDir: string,
  ids: { uid?: number; gid?: number } = {},
): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [USER_SCRIPT, dataDir], {
    ...ids,
    stdio: ["pipe", "pipe", "inherit"],
  });
  cleanups.push(() => void child.kill("SIGKILL"));
  for await (const line of createInterface({ input: child.stdout })) return { child, url: line };
  throw new Error("the other process ended without an answer");
}

async function releaseElsewhere(child: ChildProcess): Promise<void> {
  const exited = once(child, "exit");
  child.stdin?.end();
  expect(await exited).toEqual([0, null]);
}

async function query(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement);
    return rows;
  } finally {
    await client.end();
  }
}

describe("the embedded database", () => {
  it("starts beside a taken 5432, keeps its password to itself, stops when released, and keeps its rows", async () => {
    const taken = createServer().on("error", () => undefined);
    taken.listen(5432, "127.0.0.1");
    cleanups.push(() => void taken.close());
    const dataDir = newDataDir();
    const first = await start(dataDir);
    expect(first.port).not.toBe(5432);
    expect(lstatSync(join(dataDir, "postgres/server/password")).mode & 0o777).toBe(0o600);
    await expect(query(first.url.replace(/:[^:@]*@/, ":guess@"), "SELECT 1")).rejects.toMatchObject({ code: "28P01" });
    await query(first.url, "CREATE TABLE kept AS SELECT 'Ж' AS letter");
    const pid = postmasterPid(dataDir) ?? 0;
    await first.release();
    // pg_ctl waits for the lock file to go, and the process ends a moment after it.
    await vi.waitFor(() => expect(stateOf(pid)).not.toBe("running"), { timeout: 5_000 });
    expect(postmasterPid(dataDir)).toBeUndefined();
    const second = await start(dataDir);
    expect(await query(second.url, "SELECT lower(letter) AS letter FROM kept")).toEqual([{ letter: "ж" }]);
  });

  it("serves several users of several processes, and stops with the last", async () => {
    const dataDir = usedDataDir();
    const [elsewhere, also, here] = await Promise.all([
      startElsewhere(dataDir),
      startElsewhere(dataDir),
      start(dataDir),
    ]);
    expect(new Set([elsewhere.url, also.url, here.url]).size).toBe(1);
    const pid = postmasterPid(dataDir) ?? 0;
    await here.release();
    await here.release();
    await releaseElsewhere(also.child);
    expect(await query(here.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await releaseElsewhere(elsewhere.child);
    // pg_ctl waits for the lock file to go, and the process ends a moment after it.
    await vi.waitFor(() => expect(stateOf(pid)).not.toBe("running"), { timeout: 5_000 });
  });

  it("is adopted after its parent was killed, whose lease no longer counts", async () => {
    const dataDir = usedDataDir();
    const parent = await startElsewhere(dataDir);
    const pid = postmasterPid(dataDir) ?? 0;
    const exited = once(parent.child, "exit");
    parent.child.kill("SIGKILL");
    await exited;
    expect(stateOf(pid)).toBe("running");
    const adopted = await start(dataDir);
    expect(adopted.url).toBe(parent.url);
    expect(postmasterPid(dataDir)).toBe(pid);
    await adopted.release();
    // pg_ctl waits for the lock file to go, and the process ends a moment after it.
    await vi.waitFor(() => expect(stateOf(pid)).not.toBe("running"), { timeout: 5_000 });
  });

  it("is stopped when all its users were killed, and not while one lives", async () => {
    const dataDir = usedDataDir();
    const parent = await startElsewhere(dataDir);
    const pid = postmasterPid(dataDir) ?? 0;
    expect(await stopAbandoned(dataDir)).toBe(false);
    const exited = once(parent.child, "exit");
    parent.child.kill("SIGKILL");
    await exited;
    expect(await stopAbandoned(dataDir)).toBe(true);
    // pg_ctl waits for the lock file to go, and the process ends a moment after it.
    await vi.waitFor(() => expect(stateOf(pid)).not.toBe("running"), { timeout: 5_000 });
  });

  it("kills a server that cannot shut down, and loses nothing", async () => {
    const dataDir = usedDataDir();
    const hung = await start(dataDir);
    await query(hung.url, "CREATE TABLE kept AS SELECT 1 AS one");
    const found = await query(hung.url, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'");
    expect(found).toHaveLength(1);
    process.kill(Number(found[0]?.["pid"]), "SIGSTOP");
    const pid = postmasterPid(dataDir) ?? 0;
    await stopServer(makePlace(dataDir), findBinaries(), 1);
    // pg_ctl waits for the lock file to go, and the process ends a moment after it.
    await vi.waitFor(() => expect(stateOf(pid)).not.toBe("running"), { timeout: 5_000 });
    const again = await start(dataDir);
    expect(await query(again.url, "SELECT one FROM kept")).toEqual([{ one: 1 }]);
  });

  it("recovers all commits after the server was killed", async () => {
    const dataDir = usedDataDir();
    const before = await start(dataDir);
    await query(before.url, "CREATE TABLE kept AS SELECT 1 AS one");
    const busy = query(before.url, "SELECT pg_sleep(60)").catch((error: unknown) => error);
    const pid = postmasterPid(dataDir) ?? 0;
    process.kill(pid, "SIGKILL");
    const after = await start(dataDir);
    expect(postmasterPid(dataDir)).not.toBe(pid);
    expect(await query(after.url, "SELECT one FROM kept")).toEqual([{ one: 1 }]);
    expect(await busy).toBeInstanceOf(Error);
  });

  it("does not take another process for its server when that has the dead one's id", async () => {
    const dataDir = usedDataDir();
    writeFileSync(lockFileOf(dataDir), `${process.pid}\n${clusterOf(dataDir)}\n1700000000\n5432\n\n127.0.0.1\n`);
    const database = await start(dataDir);
    expect(postmasterPid(dataDir)).not.toBe(process.pid);
    expect(await query(database.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  it("starts again after a killed start left half a cluster", async () => {
    const dataDir = newDataDir();
    mkdirSync(`${clusterOf(dataDir)}.new/base`, { recursive: true });
    writeFileSync(`${clusterOf(dataDir)}.new/PG_VERSION`, "18\n");
    const database = await start(dataDir);
    expect(await query(database.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });
});

describe.skipIf(!isRoot)("as root", () => {
  const dataDirOwner = (dataDir: string) => lstatSync(join(dataDir, "postgres/server")).uid;
  const idOf = (name: string) => {
    const line = readFileSync("/etc/passwd", "utf8").match(new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, "m"));
    return line ? { uid: Number(line[1]), gid: Number(line[2]) } : undefined;
  };

  // Below a folder like that of mktemp -d nobody but root can run anything of this clone.
  const isReached = above(USER_SCRIPT).every((folder) => (lstatSync(folder).mode & 0o001) !== 0);
  if (isRoot && !isReached)
    reportMissing(
      "No other user reaches this clone: what those run of it is not tested",
      "clone it into an open folder",
    );

  it("runs in a user namespace below a 0700 folder, such as that of mktemp -d", async () => {
    const dataDir = newDataDir(0o700);
    const database = await start(dataDir);
    expect(await query(database.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    expect(dataDirOwner(dataDir)).toBe(0);
  });

  it.skipIf(!idOf("postgres") || !isReached)("runs as the user postgres where that one reaches the files", async () => {
    const dataDir = newDataDir(0o755);
    await start(dataDir);
    expect(dataDirOwner(dataDir)).toBe(idOf("postgres")?.uid);
  });

  it.skipIf(!isReached)("leaves an ordinary user's database to that user", async () => {
    const nobody = idOf("nobody");
    if (!nobody) throw new Error("this system has no user 'nobody'");
    const dataDir = newDataDir(0o755);
    chownSync(dataDir, nobody.uid, nobody.gid);
    const ordinary = await startElsewhere(dataDir, nobody);
    await query(ordinary.url, "CREATE TABLE theirs AS SELECT 1 AS one");
    await releaseElsewhere(ordinary.child);
    const asRoot = await start(dataDir);
    expect(dataDirOwner(dataDir)).toBe(nobody.uid);
    await asRoot.release();
    const again = await startElsewhere(dataDir, nobody);
    expect(await query(again.url, "SELECT one FROM theirs")).toEqual([{ one: 1 }]);
    await releaseElsewhere(again.child);
  });
});

describe("reports an embedded database that cannot run, and names DATABASE_URL", () => {
  it("when DATA_DIR is no directory", async () => {
    const file = join(newDataDir(), "file");
    writeFileSync(file, "");
    await expect(startEmbedded({ dataDir: file, log })).rejects.toThrow(
      /DATABASE_URL is unset, and .*DATA_DIR .*Set DATABASE_URL/,
    );
  });

  it("when its password is lost", async () => {
    const dataDir = usedDataDir();
    rmSync(join(dataDir, "postgres/server/password"));
    await expect(startEmbedded({ dataDir, log })).rejects.toThrow(
      /DATABASE_URL is unset, and .*password .*server\/password/,
    );
    expect(postmasterPid(dataDir)).toBeUndefined();
  });

  it("when the server does not start, with the last words of its log", async () => {
    const dataDir = usedDataDir();
    writeFileSync(join(clusterOf(dataDir), "PG_VERSION"), "12\n");
    await expect(startEmbedded({ dataDir, log })).rejects.toThrow(
      /DATABASE_URL is unset, and .*not compatible with this version/s,
    );
    expect(readdirSync(join(dataDir, "postgres/leases"))).toEqual([]);
  });
});
