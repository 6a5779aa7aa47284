import { execFileSync } from "node:child_process";

/** Brings up to date what the tests start as processes: also where vitest is run by itself, after a change. */
export default function build(): void {
  execFileSync(process.execPath, ["scripts/setup.mjs", "--all"], { stdio: "inherit" });
}
