import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, expect, it } from "vitest";
import { leftovers } from "../scripts/leftovers.js";

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

it.each(["SIGHUP", "SIGINT", "SIGTERM"] as const)(
  "the demo that is ended by %s, twice, leaves no process and no file",
  // The start counts too: it makes a database and a GitHub, and a busy machine takes minutes for that.
  { timeout: 300_000 },
  async (signal) => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "companyos-demo-test-")));
    chmodSync(folder, 0o755);
    const run = randomBytes(8).toString("hex");
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
    const { PATH = "", HOME = "" } = process.env;
    const child = spawn(process.execPath, [".build/demo/main.js"], {
      env: { PATH, HOME, TMPDIR: folder, COMPANYOS_RUN: run },
      stdio: ["ignore", "ignore", "pipe"],
      detached: true,
    });
    cleanups.push(() => void child.kill("SIGKILL"));
    for await (const line of createInterface({ input: child.stderr })) if (line.includes("the app ")) break;
    child.stderr.resume();
    expect(leftovers(`COMPANYOS_RUN=${run}`, folder).length).toBeGreaterThan(2);
    // As a terminal does it: to every process of the group.
    process.kill(-(child.pid ?? 0), signal);
    process.kill(-(child.pid ?? 0), signal);
    await expect.poll(() => child.exitCode ?? child.signalCode, { timeout: 60_000 }).not.toBeNull();
    await expect.poll(() => leftovers(`COMPANYOS_RUN=${run}`, folder), { timeout: 5_000 }).toEqual([]);
    expect(readdirSync(folder).filter((name) => name.startsWith("companyos-"))).toEqual([]);
  },
);
