import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { z } from "zod";
import { type FloodOrder, FloodResult, type LoadOrder, LoadResult } from "./orders.js";
import { built } from "../../test/support/built.js";
import { ServerReport, type ServerOptions } from "./serve.js";

/** A server under test, in its own process. */
export interface ServerProcess {
  readonly port: number;
  readonly pid: number;
  /** Resident memory in bytes. */
  rss(): Promise<number>;
  stop(): Promise<void>;
}

/** A process that takes orders one after the other and says what came of each. */
export interface Sender<Order, Result> {
  run(order: Order): Promise<Result>;
  stop(): Promise<void>;
}

export type Generator = Sender<LoadOrder, LoadResult>;

/** Starts `bench/load/servers/<file>` and waits until it listens. */
export async function startServer(file: string, options: ServerOptions): Promise<ServerProcess> {
  const child = start(`servers/${file}`, { BENCH_SERVER: JSON.stringify(options) });
  const { port, pid } = await answer(child, ServerReport);
  return {
    port,
    pid,
    async rss() {
      child.send("rss");
      return (await answer(child, ServerReport)).rss;
    },
    stop: () => stop(child),
  };
}

export function startGenerator(): Generator {
  return startSender("generator.ts", LoadResult);
}

export function startFlooder(): Sender<FloodOrder, FloodResult> {
  return startSender("flooder.ts", FloodResult);
}

function startSender<Order extends object, Result>(file: string, schema: z.ZodType<Result>): Sender<Order, Result> {
  const child = start(file, {});
  return {
    run(order) {
      child.send(order);
      return answer(child, schema);
    },
    stop: () => stop(child),
  };
}

function start(file: string, env: Readonly<Record<string, string>>): ChildProcess {
  // As JavaScript: tsx wraps every function, keeps a thread and the source map of every module.
  return fork(built(`bench/load/${file}`), [], {
    execArgv: [],
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], NODE_ENV: "production", ...env },
    // What a server logs goes nowhere, at no cost.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

/** The child's next message. */
function answer<T>(child: ChildProcess, schema: z.ZodType<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`${child.spawnargs.at(-1)} ended with ${code}`));
    child.once("exit", onExit);
    child.once("message", (message) => {
      child.off("exit", onExit);
      resolve(schema.parse(message));
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}
