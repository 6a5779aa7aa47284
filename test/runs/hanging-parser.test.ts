import { execFileSync, spawn } from "node:child_process";
import { expect, test, vi } from "vitest";
import { built } from "../support/built.js";

/** Processor seconds that the start of a parser's process does not take. */
const BUSY_S = 5;

test("a parser that hangs does not outlive its killed process", { timeout: 120_000 }, async () => {
  const parent = spawn(process.execPath, [built("test/runs/hanging-parser.ts")], { stdio: "ignore" });
  const parser = await vi.waitFor(() => hangingParserOf(parent.pid), { timeout: 90_000, interval: 500 });
  parent.kill("SIGKILL");
  await vi.waitFor(() => expect(() => process.kill(parser, 0)).toThrow("ESRCH"), { timeout: 20_000, interval: 200 });
});

/** @throws while it has none, or none that is busy. */
function hangingParserOf(parent: number | undefined): number {
  const lines = execFileSync("ps", ["-eo", "pid=,ppid=,cputimes="], { encoding: "utf8" }).split("\n");
  const rows = lines.map((line) => line.trim().split(/\s+/).map(Number));
  const found = rows.find(([, ppid, seconds = 0]) => ppid === parent && seconds >= BUSY_S);
  expect(found).toBeDefined();
  return found?.[0] ?? 0;
}
