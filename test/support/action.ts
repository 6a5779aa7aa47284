import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Ended } from "./cli.js";

/** What a step of a workflow gives to the Action's entry. */
export interface Step {
  readonly event: string;
  readonly payload: object;
  readonly env: Readonly<Record<string, string>>;
}

/** The Action's entry as a workflow runs it: built, in a process of its own, with a temporary folder that is removed. */
export async function runStep({ event, payload, env }: Step): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), "companyos-action-"));
  const path = join(folder, "event.json");
  writeFileSync(path, JSON.stringify(payload));
  const { PATH = "", HOME = "" } = process.env;
  const given = { PATH, HOME, TMPDIR: folder, GITHUB_RUN_ID: "1", GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: path };
  try {
    return await new Promise((resolve) => {
      const options = { env: { ...given, ...env }, timeout: 60_000 };
      execFile(process.execPath, ["dist/action.js"], options, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : -1, stdout, stderr });
      });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
