import { fork } from "node:child_process";
import { packageFile } from "../src/package-file.js";
import { parseJson } from "../src/unchecked.js";
import { controlOf, type Control } from "./control/client.js";
import { trusted } from "./control/trusted.js";
import type { GitHubAddress, GitHubOptions } from "./start.js";
import { expectHandled } from "./unhandled.js";

export interface GitHubProcess extends GitHubAddress {
  readonly control: Control;
  readonly pid: number;
  /** Ends it. @throws UnhandledError if it was asked for what is not simulated. */
  close(): Promise<void>;
}

export class ControlError extends Error {
  override readonly name = "ControlError";
}

/** The typed control of a simulated GitHub at an URL. */
export function controlOver(url: string): Control {
  return controlOf(async (name, input) => {
    const response = await fetch(`${url}/_control/${name}`, { method: "POST", body: JSON.stringify(input) });
    const text = await response.text();
    if (!response.ok) throw new ControlError(`${name}: ${text}`);
    return trusted(parseJson(text));
  });
}

/**
 * Starts a simulated GitHub, as `npm run build` made it, in a process of its own. It ends with `close`, and when this
 * process goes away.
 */
export async function startGitHubProcess(options: GitHubOptions = {}): Promise<GitHubProcess> {
  const main = packageFile(".build/simulator/main.js");
  const child = fork(main, [JSON.stringify(options)], {
    execArgv: ["--max-old-space-size=4096"],
    // graphql checks its own objects far more slowly outside production.
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const address = await new Promise<GitHubAddress>((resolve, reject) => {
    child.once("message", (message) => resolve(trusted<GitHubAddress>(message)));
    child.once("exit", (code) => reject(new Error(`the simulated GitHub ended at its start with ${code}`)));
  });
  const control = controlOver(address.url);
  // A signal to the whole group may have ended it before.
  const isGone = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    ...address,
    control,
    pid: child.pid ?? 0,
    async close() {
      if (isGone()) return;
      const { unhandled } = await control.run("counters", {});
      await new Promise<void>((resolve) => {
        if (isGone()) return resolve();
        child.once("exit", () => resolve());
        if (child.connected) child.disconnect();
      });
      expectHandled(Object.keys(unhandled));
    },
  };
}
