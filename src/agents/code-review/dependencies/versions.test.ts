import { expect, it } from "vitest";
import { compareVersions, isInRange } from "./versions.js";

it.each([
  ["1.2.9", "1.2.10"],
  ["1.0.0-rc.1", "1.0.0"],
  ["3.0.0rc1", "3.0.0"],
  ["1.0.0-alpha.1", "1.0.0-beta"],
  ["1.0", "1.0.1"],
  ["1.0.0", "1.0.0.post1"],
  ["0.0.0-20230101000000-abc", "0.1.0"],
])("%s is older than %s", (older, newer) => {
  expect(compareVersions(older, newer)).toBeLessThan(0);
  expect(compareVersions(newer, older)).toBeGreaterThan(0);
});

it.each([
  ["v1.0", "1.0.0"],
  ["2.0.0+incompatible", "2.0.0"],
])("%s is the same as %s", (a, b) => {
  expect(compareVersions(a, b)).toBe(0);
});

it.each<[string, string, boolean]>([
  ["4.17.20", "< 4.17.21", true],
  ["4.17.21", "< 4.17.21", false],
  ["1.5.0", ">= 1.0.0, < 1.4.2", false],
  ["1.4.1", ">= 1.0.0, < 1.4.2", true],
  ["3.3.6", "= 3.3.6", true],
  ["3.3.7", "<= 3.3.6", false],
  ["1.0.0", "", true],
])("%s in %s: %s", (version, range, expected) => {
  expect(isInRange(version, range)).toBe(expected);
});
