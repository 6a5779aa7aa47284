import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it, vi } from "vitest";
import { withProcessLock } from "./process-lock.js";

vi.setConfig({ testTimeout: 120_000 });
const HOLDER = fileURLToPath(new URL("../../../test/support/lock-holder.ts", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "companyos-lock-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function hold(...args: readonly string[]) {
  return spawn(process.execPath, ["--import", "tsx", HOLDER, ...args], { stdio: ["ignore", "pipe", "inherit"] });
}

it("lets one in at a time, of several processes and callers: no step of a shared count is lost", async () => {
  const lock = join(directory, "count-lock");
  const count = join(directory, "count");
  writeFileSync(count, "0");
  const others = [hold(lock, count, "25"), hold(lock, count, "25"), hold(lock, count, "25")];
  const exits = others.map((child) => once(child, "exit"));
  await Promise.all(
    Array.from({ length: 25 }, () =>
      withProcessLock(lock, 60_000, async () => {
        const before = Number(readFileSync(count, "utf8"));
        await new Promise((resolve) => setTimeout(resolve, 1));
        writeFileSync(count, String(before + 1));
      }),
    ),
  );
  expect(await Promise.all(exits)).toEqual([
    [0, null],
    [0, null],
    [0, null],
  ]);
  expect(readFileSync(count, "utf8")).toBe("100");
  expect(readdirSync(lock)).toEqual([]);
});

it("is not blocked by a killed holder, and reports a live one", async () => {
  const lock = join(directory, "killed-lock");
  const holder = hold(lock, "", "forever");
  await once(holder.stdout, "data");
  await expect(withProcessLock(lock, 200, async () => "in")).rejects.toThrow("another process has held");
  const exited = once(holder, "exit");
  holder.kill("SIGKILL");
  await exited;
  expect(await withProcessLock(lock, 200, async () => "in")).toBe("in");
  expect(readdirSync(lock)).toEqual([]);
});

it("is released when the work throws", async () => {
  const lock = join(directory, "throwing-lock");
  await expect(withProcessLock(lock, 200, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await withProcessLock(lock, 200, async () => "in")).toBe("in");
});
