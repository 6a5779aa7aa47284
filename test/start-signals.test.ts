import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, expect, it } from "vitest";
import { makePlace } from "../src/store/embedded/place.js";
import { isServed } from "../src/store/embedded/postmaster.js";
import { stopAbandoned } from "../src/store/embedded/start.js";

const POLL = { timeout: 20_000, interval: 10 };
const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
  publicKeyEncoding: { type: "pkcs1", format: "pem" },
});
const ENV = {
  APP_ID: "1",
  PRIVATE_KEY: privateKey,
  WEBHOOK_SECRET: "a secret for tests that is long",
  GITHUB_API_URL: "http://127.0.0.1:9",
  HOST: "127.0.0.1",
  PORT: "0",
};

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A command in a process group of its own, as a terminal starts it, on an embedded database that is yet to be made. */
function run(command: string, env: Readonly<Record<string, string>> = {}) {
  const directory = mkdtempSync(join(tmpdir(), "companyos-signals-"));
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [resolve("dist/cli.js"), command], {
    cwd: directory,
    detached: true,
    env: { PATH, HOME, ...ENV, DATA_DIR: directory, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  cleanups.push(async () => {
    child.kill("SIGKILL");
    await stopAbandoned(directory);
    rmSync(directory, { recursive: true, force: true });
  });
  return { child, place: makePlace(directory), output: () => output };
}

it.each([
  ["while the files of the database are made", "cluster.new/PG_VERSION", "", {}],
  ["while the database starts", "cluster/postmaster.pid", "", {}],
  ["while the workers wait for Redis", "cluster/postmaster.pid", "ECONNREFUSED", { REDIS_URL: "redis://127.0.0.1:1" }],
] as const)(
  "a signal %s stops the start in order, and the database with it",
  { timeout: 90_000 },
  async (_when, file, said, env) => {
    const { child, place, output } = run("start", env);
    await expect.poll(() => existsSync(join(place.server, file)), POLL).toBe(true);
    await expect.poll(output, POLL).toContain(said);
    const exited = once(child, "exit");
    process.kill(-(child.pid ?? 0), "SIGINT");
    expect(await exited, output()).toEqual([0, null]);
    expect(output()).toContain('"msg":"stopped"');
    expect(output()).not.toContain("the start had failed");
    expect(isServed(place)).toBe(false);
    expect(existsSync(place.cluster)).toBe(true);
  },
);

it("a second signal ends it at once", { timeout: 90_000 }, async () => {
  const { child, place, output } = run("start");
  await expect.poll(() => existsSync(join(place.server, "cluster/postmaster.pid")), POLL).toBe(true);
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await expect.poll(output, POLL).toContain('"msg":"stopping"');
  child.kill("SIGTERM");
  expect(await exited).toEqual([130, null]);
});

it.each([
  ["while the files of the database are made", "cluster.new/PG_VERSION"],
  ["while the database starts", "cluster/postmaster.pid"],
])("a signal %s ends another command, and the database with it", { timeout: 90_000 }, async (_when, file) => {
  const { child, place, output } = run("migrate");
  await expect.poll(() => existsSync(join(place.server, file)), POLL).toBe(true);
  const exited = once(child, "exit");
  process.kill(-(child.pid ?? 0), "SIGINT");
  expect(await exited, output()).toEqual([130, null]);
  expect(output()).toBe("");
  expect(isServed(place)).toBe(false);
});
