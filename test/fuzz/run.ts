import { parseArgs } from "node:util";
import { fuzz } from "./fuzz.js";

// `npm run fuzz -- --seed 1 --inputs 1000000`: prints what was found and exits 1; the same seed gives the same inputs.
const { values } = parseArgs({ options: { seed: { type: "string" }, inputs: { type: "string" } } });
const seed = Number(values.seed ?? 1);
const inputs = Number(values.inputs ?? 50_000);
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(inputs) || inputs < 1) {
  console.error("npm run fuzz -- --seed <whole number> --inputs <whole number above 0>");
  process.exit(2);
}
const started = performance.now();
const result = fuzz(seed, inputs);
for (const one of result.found) console.log(JSON.stringify(one));
const { rss } = process.memoryUsage();
const seconds = Math.round((performance.now() - started) / 1000);
console.log(
  JSON.stringify({
    seed,
    inputs: result.inputs,
    found: result.found.length,
    seconds,
    rssMb: Math.round(rss / 2 ** 20),
    slowestMs: result.slowest,
  }),
);
if (result.found.length > 0) process.exitCode = 1;
