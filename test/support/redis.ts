import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { reportMissing } from "./missing.js";
import { freePort } from "../../src/store/embedded/free-port.js";

/** Whether a `redis-server` is installed here; says why tests are skipped where it is not: `describe.skipIf(!redisAvailable)`. */
export const redisAvailable = spawnSync("redis-server", ["--version"]).status === 0;
if (!redisAvailable)
  reportMissing("tests on Redis are skipped: there is no redis-server here", "apt-get install redis-server");

/** A real Redis of one's own. */
export interface TestRedis {
  readonly url: string;
  /** Ends the server at once and removes its folder. */
  stop(): Promise<void>;
}

const START_MS = 10_000;
const POLL_MS = 20;

/** Starts `redis-server` on a free port of the loopback, with nothing persisted and nothing evicted. */
export async function startRedis(): Promise<TestRedis> {
  const directory = mkdtempSync(join(tmpdir(), "companyos-redis-"));
  const port = await freePort();
  const options = [
    "--port",
    String(port),
    "--bind",
    "127.0.0.1",
    "--dir",
    directory,
    "--save",
    "",
    "--appendonly",
    "no",
  ];
  const child = spawn("redis-server", [...options, "--maxmemory-policy", "noeviction"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  // A process that ends before it has stopped its server must not leave it behind.
  const atExit = (): void => {
    child.kill("SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  };
  process.once("exit", atExit);
  const stop = async () => {
    process.off("exit", atExit);
    const exited = child.exitCode === null && child.signalCode === null ? once(child, "exit") : undefined;
    child.kill("SIGKILL");
    await exited;
    rmSync(directory, { recursive: true, force: true });
  };
  const deadline = Date.now() + START_MS;
  while (!(await accepts(port))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`redis-server did not start:\n${output}`);
    }
    await delay(POLL_MS);
  }
  return { url: `redis://127.0.0.1:${port}`, stop };
}

async function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
