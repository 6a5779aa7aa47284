import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The command line as people run it: built, in a process of its own. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program of Node's to its end, in an environment of nothing but what is given, and in an empty folder unless
 * one is given: the `.env` of a clone is its operator's.
 */
export async function runNode(
  args: readonly string[],
  given: { readonly env: Readonly<Record<string, string>>; readonly cwd?: string; readonly timeoutMs?: number },
): Promise<Ended> {
  const { PATH = "", HOME = "" } = process.env;
  const cwd = given.cwd ?? mkdtempSync(join(tmpdir(), "companyos-cwd-"));
  const options = { cwd, env: { PATH, HOME, ...given.env }, timeout: given.timeoutMs ?? 60_000 };
  try {
    return await new Promise((ended) => {
      execFile(process.execPath, [...args], options, (error, stdout, stderr) => {
        ended({ code: error === null ? 0 : typeof error.code === "number" ? error.code : -1, stdout, stderr });
      });
    });
  } finally {
    if (given.cwd === undefined) rmSync(cwd, { recursive: true, force: true });
  }
}

export function cli(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return runNode([resolve("dist/cli.js"), ...args], { env: { NO_COLOR: "1", ...env } });
}
