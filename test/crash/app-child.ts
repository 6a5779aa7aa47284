import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";
import { z } from "zod";
import { canonicalJson } from "../../src/effects/intent.js";
import type { CrashTask, Death } from "./app-process.js";
import { built } from "../support/built.js";

/** The app in a child process. */
export interface AppChild {
  /** Where it listens. */
  readonly url: string;
  /** Resolves when the process is gone, whatever ended it. */
  readonly gone: Promise<void>;
  kill(): void;
  /** Has it kill itself, without a word, when it comes there. Resolves when it knows. */
  arm(death: Death): Promise<void>;
  /** Ends it in order. */
  stop(): Promise<void>;
}

const Ready = z.object({ url: z.string() });

/** Starts it, and resolves when it listens. It does not surviveBrokenConnections the test that starts it. */
export async function startApp(task: CrashTask): Promise<AppChild> {
  const child = fork(built("test/crash/app-process.ts"), [canonicalJson(task)], {
    execArgv: [],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await gone;
  });
  const { url } = await ready(child);
  return {
    url,
    gone,
    kill: () => void child.kill("SIGKILL"),
    async arm(death) {
      const knows = once(child, "message");
      child.send(death);
      await knows;
    },
    async stop() {
      child.kill("SIGTERM");
      await gone;
    },
  };
}

function ready(child: ChildProcess): Promise<z.infer<typeof Ready>> {
  return new Promise((resolve, reject) => {
    child.once("message", (message) => resolve(Ready.parse(message)));
    child.once("exit", (code, signal) => reject(new Error(`the app ended at its start with ${code ?? signal}`)));
  });
}
