import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { isAlive, isServerIn, ownIdentity, stateOf } from "./processes.js";

describe("a process", () => {
  it("is alive while it runs, and dead afterwards", async () => {
    const child = spawn("sleep", ["60"]);
    const pid = child.pid ?? 0;
    expect(stateOf(pid)).toBe("running");
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
    expect(stateOf(pid)).toBe("gone");
    expect(isAlive({ pid, started: "" })).toBe(false);
  });

  it("is not the earlier one that had its id", () => {
    const self = ownIdentity();
    expect(self.started).not.toBe("");
    expect(isAlive(self)).toBe(true);
    expect(isAlive({ ...self, started: "1" })).toBe(false);
  });

  it("is dead as a zombie", async () => {
    // The shell's child ends, and the program that takes the shell's place never asks for it.
    const parent = spawn("sh", ["-c", "sleep 0.1 & echo $!; exec sleep 60"]);
    const pid = Number(String(await once(parent.stdout, "data")));
    await expect.poll(() => stateOf(pid), { timeout: 5_000 }).toBe("zombie");
    expect(isAlive({ pid, started: "" })).toBe(false);
    parent.kill("SIGKILL");
  });

  it.skipIf(process.platform !== "linux")("is not a PostgreSQL only because it uses the directory", () => {
    expect(isServerIn(process.pid, process.cwd())).toBe(false);
  });
});
