import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { leftovers } from "./leftovers.js";

/**
 * `tsx scripts/clean-run.ts <seconds> <command> [arguments]`: runs the command, for no longer than that. Fails when it
 * fails, when it takes longer, and when a process of its own is left 5 s after it has ended; ends what is left.
 */
const GRACE_MS = 5_000;
/** 128 + SIGKILL, as a shell has it. */
const TIMED_OUT = 137;

const [limit = "", command = "", ...args] = process.argv.slice(2);
const seconds = Number(limit);
if (!(seconds > 0) || command === "") {
  console.error("usage: tsx scripts/clean-run.ts <seconds> <command> [arguments]");
  process.exit(2);
}

const folder = realpathSync(mkdtempSync(join(tmpdir(), "companyos-run-")));
// As open as the system's own: where this user is root, PostgreSQL and some tests run as another.
chmodSync(folder, 0o1777);
const run = randomBytes(8).toString("hex");
const mark = `COMPANYOS_RUN=${run}`;
const started = Date.now();
const code = await toTheEnd();
const took = `${((Date.now() - started) / 1000).toFixed(1)} s`;
await wait(GRACE_MS);
const left = leftovers(mark, folder);
for (const { pid, command: what } of left) {
  console.error(`left after ${GRACE_MS / 1000} s: ${pid} ${what}`);
  end(pid);
}
rmSync(folder, { recursive: true, force: true });
console.error(`${command} ${args.join(" ")}: exit code ${code} in ${took}, ${left.length} processes left`);
process.exit(code === 0 && left.length > 0 ? 1 : code);

function toTheEnd(): Promise<number> {
  // A group of its own: all of it ends at the limit.
  const child = spawn(command, args, {
    stdio: "inherit",
    detached: true,
    env: { ...process.env, TMPDIR: folder, COMPANYOS_RUN: run },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  const timer = setTimeout(() => {
    console.error(`${command} ${args.join(" ")}: not done after ${seconds} s`);
    if (child.pid !== undefined) end(-child.pid);
  }, seconds * 1000);
  return new Promise((resolve) => {
    child.once("error", (error) => {
      console.error(error.message);
      resolve(127);
    });
    child.once("exit", (exit) => {
      clearTimeout(timer);
      resolve(exit ?? TIMED_OUT);
    });
  });
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}
