import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import amqp from "amqplib";
import { freePort } from "../../src/store/embedded/free-port.js";
import { reportMissing } from "./missing.js";

const SERVER = "/usr/lib/rabbitmq/bin/rabbitmq-server";

/** Whether RabbitMQ is installed here; says why tests are skipped where it is not. */
export const rabbitmqAvailable = existsSync(SERVER);
if (!rabbitmqAvailable)
  reportMissing("tests on RabbitMQ are skipped: there is no rabbitmq-server here", "apt-get install rabbitmq-server");

/** A real RabbitMQ of one's own. */
export interface TestRabbitmq {
  readonly url: string;
  /** Ends the server at once, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again with what it had stored. */
  start(): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

const START_MS = 40_000;
const POLL_MS = 100;

/** Starts RabbitMQ under a node name, ports and a folder of its own, with an `epmd` of its own. */
export async function startRabbitmq(): Promise<TestRabbitmq> {
  const directory = mkdtempSync(join(tmpdir(), "companyos-rabbitmq-"));
  const port = await freePort();
  const env = {
    PATH: process.env["PATH"],
    HOME: directory,
    ERL_EPMD_PORT: String(await freePort()),
    RABBITMQ_NODENAME: `companyos-${port}@localhost`,
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_NODE_IP_ADDRESS: "127.0.0.1",
    RABBITMQ_DIST_PORT: String(await freePort()),
    RABBITMQ_MNESIA_BASE: join(directory, "data"),
    RABBITMQ_LOG_BASE: join(directory, "log"),
    RABBITMQ_CONF_ENV_FILE: join(directory, "none"),
    RABBITMQ_CONFIG_FILE: join(directory, "rabbitmq.conf"),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(directory, "plugins"),
  };
  writeFileSync(env.RABBITMQ_CONF_ENV_FILE, "");
  writeFileSync(env.RABBITMQ_CONFIG_FILE, "disk_free_limit.absolute = 10MB\nvm_memory_high_watermark.relative = 0.9\n");
  writeFileSync(env.RABBITMQ_ENABLED_PLUGINS_FILE, "[].");
  const epmd = spawn("epmd", ["-port", env.ERL_EPMD_PORT, "-address", "127.0.0.1"], { stdio: "ignore", env });
  const url = `amqp://guest:guest@127.0.0.1:${port}`;
  let server: ChildProcess | null = null;
  let output = "";
  // A group of its own: the script starts the emulator as a child.
  const end = (): void => {
    if (server?.pid !== undefined && server.exitCode === null && server.signalCode === null) killGroup(server.pid);
  };
  const atExit = (): void => {
    end();
    epmd.kill("SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  };
  process.once("exit", atExit);

  const kill = async (): Promise<void> => {
    const running = server;
    server = null;
    if (running?.pid === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const exited = once(running, "exit");
    killGroup(running.pid);
    await exited;
  };
  const start = async (): Promise<void> => {
    const child = spawn(SERVER, [], { env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    server = child;
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    const deadline = Date.now() + START_MS;
    while (!(await answers(url))) {
      if (child.exitCode !== null || Date.now() > deadline) {
        await kill();
        throw new Error(`rabbitmq-server did not start:\n${output}`);
      }
      await delay(POLL_MS);
    }
  };
  const stop = async (): Promise<void> => {
    process.off("exit", atExit);
    await kill();
    const exited = epmd.exitCode === null && epmd.signalCode === null ? once(epmd, "exit") : undefined;
    epmd.kill("SIGKILL");
    await exited;
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, kill, start, stop };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    await (await amqp.connect(url, { timeout: 2_000 })).close();
    return true;
  } catch {
    return false;
  }
}
