import { expect, it } from "vitest";
import { progressLine } from "./redeliver.js";

function shown(isTTY: boolean, steps: readonly number[]): readonly string[] {
  const written: string[] = [];
  let now = 0;
  const line = progressLine({ isTTY, write: (text) => written.push(text) }, () => now);
  for (const [index, ms] of steps.entries()) {
    now = ms;
    line.at(`step ${index}`);
  }
  line.end();
  return written;
}

it("draws progress over itself on a terminal, and clears it at the end", () => {
  expect(shown(true, [0, 1])).toEqual(["\r\u001b[Kstep 0", "\r\u001b[Kstep 1", "\r\u001b[K"]);
});

it("prints a line every ten seconds where the output is no terminal", () => {
  expect(shown(false, [0, 9_999, 10_000, 15_000, 20_000])).toEqual(["step 2\n", "step 4\n"]);
});
