import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, expect, it } from "vitest";
import { createLog } from "../src/log.js";
import { connect } from "../src/store/connect.js";
import { stateOf } from "../src/store/embedded/processes.js";
import { removeAbandoned, withTemporary } from "../src/store/embedded/temporary.js";
import { built } from "./support/built.js";

const USER = "test/support/temporary-user.ts";
const prefix = (): string => `companyos-temporary-${randomBytes(4).toString("hex")}-`;
const foldersOf = (of: string): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith(of));

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A process with a temporary database, and the id of its PostgreSQL. */
async function startUser(of: string): Promise<{ readonly child: ChildProcess; readonly postmaster: number }> {
  const child = spawn(process.execPath, [built(USER), of], { stdio: ["ignore", "pipe", "inherit"] });
  cleanups.push(async () => {
    child.kill("SIGKILL");
    await removeAbandoned(of, 0);
  });
  for await (const line of createInterface({ input: child.stdout })) {
    expect(line).toMatch(/^postgresql:/);
    const [folder = ""] = foldersOf(of);
    const pid = readFileSync(join(tmpdir(), folder, "postgres/server/cluster/postmaster.pid"), "utf8").split("\n")[0];
    return { child, postmaster: Number(pid) };
  }
  throw new Error("the process ended without an answer");
}

it.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("%s ends the server and removes its folder, however often it comes", async (signal, code) => {
  const of = prefix();
  const { child, postmaster } = await startUser(of);
  expect(stateOf(postmaster)).toBe("running");
  const exited = once(child, "exit");
  child.kill(signal);
  child.kill(signal);
  expect(await exited).toEqual([code, null]);
  expect(stateOf(postmaster)).not.toBe("running");
  expect(foldersOf(of)).toEqual([]);
});

it("the next process ends and deletes a killed process's servers; used ones stay", async () => {
  const of = prefix();
  const { child, postmaster } = await startUser(of);
  await removeAbandoned(of, 0);
  expect(stateOf(postmaster)).toBe("running");
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
  await removeAbandoned(of, 600_000);
  expect(foldersOf(of)).toHaveLength(1);
  await removeAbandoned(of, 0);
  expect(stateOf(postmaster)).not.toBe("running");
  expect(foldersOf(of)).toEqual([]);
});

it("passes a failure of the work on, and leaves nothing behind", async () => {
  const of = prefix();
  const failing = withTemporary({ prefix: of, log: createLog({ level: "silent" }) }, () => {
    throw new Error("the work failed");
  });
  await expect(failing).rejects.toThrow("the work failed");
  expect(foldersOf(of)).toEqual([]);
  expect(process.listenerCount("SIGHUP")).toBe(0);
});

it("one that is to be durable is, and keeps WAL files for a burst", async () => {
  const options = { prefix: prefix(), log: createLog({ level: "silent" }), durable: true };
  const settings = await withTemporary(options, async (url) => {
    const client = await connect(url);
    const { rows } = await client.query<Record<string, unknown>>(
      "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'min_wal_size') ORDER BY name",
    );
    await client.end();
    return rows;
  });
  expect(settings).toEqual([
    { name: "fsync", setting: "on" },
    { name: "min_wal_size", setting: "512" },
  ]);
});
