import { execFile } from "node:child_process";

/** The command line as people run it: built, in a process of its own. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function cli(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const { PATH = "", HOME = "" } = process.env;
  const options = { env: { PATH, HOME, NO_COLOR: "1", ...env }, timeout: 60_000 };
  return new Promise((resolve) => {
    execFile(process.execPath, ["dist/cli.js", ...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : -1, stdout, stderr });
    });
  });
}
