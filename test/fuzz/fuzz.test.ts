import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { parseJson } from "../../src/unchecked.js";
import { fuzz, problemOf } from "./fuzz.js";
import { TARGETS } from "./targets.js";

/** `npm run fuzz` runs more. */
const INPUTS = 3_000;

test("mutated inputs: no crash, no wrong answer, none slow", () => {
  const { inputs, found } = fuzz(20_261_130, INPUTS);
  expect(found).toEqual([]);
  expect(inputs).toBe(INPUTS);
});

test("a target that is wrong is found, with the input and the seed", () => {
  const wrong = { name: "wrong", make: () => "x", run: () => expect.unreachable() };
  expect(fuzz(1, 3, [wrong]).found.map(({ seed, input }) => ({ seed, input }))).toEqual([
    { seed: 1, input: "x" },
    { seed: 2, input: "x" },
    { seed: 3, input: "x" },
  ]);
});

const CASES = "test/fuzz/cases";
const Case = z.object({ target: z.string(), input: z.string() });
const cases = existsSync(CASES)
  ? readdirSync(CASES).map((file) => ({ file, ...Case.parse(parseJson(readFileSync(`${CASES}/${file}`, "utf8"))) }))
  : [];
test("what was found once stays right", () => {
  for (const { file, target, input } of cases) {
    const one = TARGETS.find(({ name }) => name === target);
    expect(one, file).toBeDefined();
    expect(one ? problemOf(one, input) : null, file).toBeNull();
  }
});
