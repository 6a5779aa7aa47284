import { spawn, spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { stateOf } from "../src/store/embedded/processes.js";

/** The script on a shell command. */
const cleanRun = (seconds: number, command: string) =>
  spawnSync(process.execPath, ["--import", "tsx", "scripts/clean-run.ts", String(seconds), "sh", "-c", command], {
    encoding: "utf8",
  });
/** What is ended may stay a zombie for a moment. */
const runs = (pid: string): boolean => stateOf(Number(pid)) === "running";

it("passes a command that ends in time and leaves no process, with its exit code", () => {
  const { status, stderr } = cleanRun(20, "true");
  expect([status, stderr]).toEqual([0, expect.stringContaining("0 processes left")]);
  expect(cleanRun(20, "exit 3").status).toBe(3);
});

it.each([
  ["a child that was let go", "setsid sleep 300 >/dev/null 2>&1 & echo $!"],
  // As PostgreSQL is started: nothing of the environment is left to tell whose it is.
  ["a daemon in the temporary folder", 'cd "$TMPDIR" && env -i setsid sleep 300 >/dev/null 2>&1 & echo $!'],
])("fails on %s, names it and ends it", { timeout: 60_000 }, (_what, command) => {
  const { status, stdout, stderr } = cleanRun(20, command);
  expect(status).toBe(1);
  expect(stderr).toMatch(/left after 5 s: \d+ sleep 300/);
  const pid = /left after 5 s: (\d+)/.exec(stderr)?.[1] ?? "";
  expect(stdout.trim()).not.toBe("");
  expect(runs(pid)).toBe(false);
});

it("does not count other users' processes as its own", () => {
  const other = spawn("sleep", ["300"]);
  expect(cleanRun(20, "true").status).toBe(0);
  expect(runs(String(other.pid))).toBe(true);
  other.kill("SIGKILL");
});

it("ends a command that takes too long, with all its child processes", () => {
  const { status, stdout, stderr } = cleanRun(1, "sleep 300 & echo $!; wait");
  expect(status).toBe(137);
  expect(stderr).toContain("not done after 1 s");
  expect(runs(stdout.trim())).toBe(false);
});
