import { expect, it } from "vitest";
import { clockComplaints } from "./clock-complaints.js";

it.each([
  ["const now = Date.now();"],
  ["const now = [1].map(Date.now);"],
  ["const now = new Date();"],
  ["const now = performance.now();"],
  ["setTimeout(() => undefined, 5);"],
  ["const timer = setInterval(tick, 5, more);"],
  ["const signal = AbortSignal.timeout(5);"],
  ['import { setTimeout as wait } from "node:timers/promises";'],
  ["function f() {\n  return class { at = new Date(); };\n}"],
])("finds the clock in %j", (source) => {
  expect(clockComplaints(source)).toHaveLength(1);
});

it.each([
  ["const at = new Date(clock.now().getTime() + 5);"],
  ["const at = Date.parse(text);"],
  ["const now = clock.now();"],
  ["await sleep(5, signal);"],
  ["clearTimeout(timer);"],
  ["// setTimeout(() => undefined, 5), new Date()"],
  ['const text = "Date.now()";'],
])("lets %j be", (source) => {
  expect(clockComplaints(source)).toEqual([]);
});

it("reports file and line", () => {
  expect(clockComplaints("const a = 1;\nconst b = Date.now();\nsetTimeout(b, 1);")).toEqual([
    "2: Date.now",
    "3: setTimeout(b, 1)",
  ]);
});
