import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { run } from "./run.js";

it.runIf(process.platform === "linux")(
  "runs a program in its own process group, which Ctrl-C does not reach",
  async () => {
    const groupOf = (stat: string): string | undefined => stat.split(" ")[4];
    const { output } = await run({ kind: "self" }, "/", "cat", ["/proc/self/stat"]);
    expect(groupOf(output)).toMatch(/^\d+$/);
    expect(groupOf(output)).not.toBe(groupOf(readFileSync("/proc/self/stat", "utf8")));
  },
);
