import { expect, test } from "vitest";
import { retryAfterOf } from "./retry-after.js";

const now = new Date("2026-03-02T08:00:00Z");
const HOUR_S = 3_600;

test.each([
  ["120", 120],
  [120, 120],
  ["0", 1],
  ["86400", HOUR_S],
  ["1e9", HOUR_S],
  ["1e300", HOUR_S],
  ["9".repeat(400), HOUR_S],
  ["Mon, 02 Mar 2026 08:02:00 GMT", 120],
  ["Mon, 02 Mar 2026 07:00:00 GMT", 1],
  ["Fri, 31 Dec 9999 23:59:59 GMT", HOUR_S],
])("%s is %i s from now", (header, seconds) => {
  expect(retryAfterOf(header, now)?.getTime()).toBe(now.getTime() + seconds * 1000);
});

test.each([null, undefined, "", "soon", {}])("ignores %s", (header) => {
  expect(retryAfterOf(header, now)).toBeNull();
});
