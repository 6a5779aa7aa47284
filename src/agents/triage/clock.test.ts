import { expect, test } from "vitest";
import { goalFor, workingHoursBetween } from "./clock.js";

const HOURS = { from: 9, to: 17, days: [1, 2, 3, 4, 5] };
const at = (text: string) => new Date(`${text}Z`);

test.each([
  ["within a day", "2026-11-30T10:00", "2026-11-30T12:30", 2.5],
  ["before and after hours", "2026-11-30T05:00", "2026-11-30T23:00", 8],
  ["over a weekend", "2026-11-27T16:00", "2026-11-30T10:00", 2],
  ["on a weekend", "2026-11-28T10:00", "2026-11-29T18:00", 0],
  ["backwards", "2026-11-30T12:00", "2026-11-30T10:00", 0],
])("counts working hours %s", (_what, from, to, hours) => {
  expect(workingHoursBetween(at(from), at(to), HOURS)).toBeCloseTo(hours);
});

test("the strictest goal of the labels holds, else the one for all issues", () => {
  const goals = { hours: 40, byLabel: { bug: 16, Security: 4 } };
  expect(goalFor(["Bug", "security"], goals)).toBe(4);
  expect(goalFor(["question"], goals)).toBe(40);
  expect(goalFor([], { hours: null, byLabel: {} })).toBeNull();
});
