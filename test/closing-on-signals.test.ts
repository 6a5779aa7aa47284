import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { built } from "./support/built.js";

/** Such a process, with what it has said so far. */
function start(openMs: number, closeMs: number, failing = "") {
  const args = [built("test/support/closing-user.ts"), String(openMs), String(closeMs), failing];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  const says = async (text: string): Promise<void> => {
    await expect.poll(() => output, { timeout: 20_000 }).toContain(text);
  };
  return { child, exited: once(child, "close"), says, output: () => output };
}

it.each(["started", "outer opened"])("a signal (%s) closes every resource, including later ones", async (when) => {
  const { child, exited, says, output } = start(1_000, 100);
  await says(when);
  child.kill("SIGINT");
  expect(await exited).toEqual([130, null]);
  const said = ["started", "outer opened", "outer closed", "inner opened", "inner closed"];
  expect(output().trim().split("\n")).toEqual(said);
});

it("reports a resource that cannot be closed, and closes the others", async () => {
  const { child, exited, says, output } = start(0, 100, "outer");
  await says("inner opened");
  child.kill("SIGTERM");
  expect(await exited).toEqual([143, null]);
  expect(output()).toContain("outer cannot be closed\n");
  expect(output()).toContain("inner closed\n");
});

it(
  "a repeated signal within a second counts once; a later one ends the process at once",
  { timeout: 30_000 },
  async () => {
    const { child, exited, says, output } = start(0, 600_000);
    await says("inner opened");
    const endedWithin = (ms: number) => Promise.race([exited, delay(ms, "still there")]);
    child.kill("SIGINT");
    // Two at once would be one to the kernel already.
    expect(await endedWithin(200)).toBe("still there");
    child.kill("SIGINT");
    expect(await endedWithin(1_200)).toBe("still there");
    child.kill("SIGINT");
    expect(await exited).toEqual([130, null]);
    expect(output()).not.toContain("closed");
  },
);
