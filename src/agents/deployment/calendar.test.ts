import { expect, it } from "vitest";
import { DAYS, holds, isTimeZone, nextChange, type Window } from "./calendar.js";

const at = (text: string) => new Date(text);
const weekend: Window = { timeZone: "Europe/Berlin", days: ["fri", "sat", "sun"], from: "16:00", to: "08:00" };
const holidays: Window = { timeZone: "Europe/Berlin", days: [], from: "2026-12-24T00:00", to: "2026-12-27T00:00" };
const night: Window = { timeZone: "Europe/Berlin", days: [...DAYS], from: "02:00", to: "02:30" };

it.each([
  ["before it begins on Friday", "2026-11-27T14:59:00Z", false],
  ["as it begins on Friday", "2026-11-27T15:00:00Z", true],
  ["on Saturday morning", "2026-11-28T06:59:00Z", true],
  ["as it ends on Saturday", "2026-11-28T07:00:00Z", false],
  ["on Monday morning, begun on Sunday", "2026-11-30T06:59:00Z", true],
  ["on Monday evening", "2026-11-30T16:00:00Z", false],
])("a weekly window across midnight: %s", (_when, instant, held) => {
  expect(holds(weekend, at(instant))).toBe(held);
});

it.each([
  ["the last minute before", "2026-12-23T22:59:00Z", false],
  ["the first minute", "2026-12-23T23:00:00Z", true],
  ["the last minute", "2026-12-26T22:59:00Z", true],
  ["the first minute after", "2026-12-26T23:00:00Z", false],
])("a window of dates is in local time: %s", (_when, instant, held) => {
  expect(holds(holidays, at(instant))).toBe(held);
});

it("begins an hour earlier by UTC when summer time has come", () => {
  const daily: Window = { ...night, from: "09:00", to: "10:00" };
  expect(holds(daily, at("2026-03-28T08:00:00Z"))).toBe(true);
  expect(holds(daily, at("2026-03-29T08:00:00Z"))).toBe(false);
  expect(holds(daily, at("2026-03-29T07:00:00Z"))).toBe(true);
});

it("does not apply in an hour that the clock skips, and applies twice in a repeated hour", () => {
  const held = (day: string) =>
    Array.from({ length: 24 * 60 }, (_, index) => new Date(at(`${day}T00:00:00Z`).getTime() + index * 60_000)).filter(
      (each) => holds(night, each),
    ).length;
  expect(held("2026-03-29")).toBe(0);
  expect(held("2026-10-25")).toBe(60);
  expect(held("2026-06-01")).toBe(30);
});

it("finds the next change, also across a clock change", () => {
  expect(nextChange(weekend, at("2026-11-27T20:12:34Z"))).toEqual(at("2026-11-28T07:00:00Z"));
  expect(nextChange(weekend, at("2026-11-28T07:00:00Z"))).toEqual(at("2026-11-28T15:00:00Z"));
  expect(nextChange({ ...weekend, to: "08:01" }, at("2026-11-27T20:12:34Z"))).toEqual(at("2026-11-28T07:01:00Z"));
  const acrossChange: Window = { ...weekend, days: ["sat"], from: "20:00", to: "09:00" };
  expect(nextChange(acrossChange, at("2026-10-24T20:00:00Z"))).toEqual(at("2026-10-25T08:00:00Z"));
  expect(nextChange(holidays, at("2026-11-01T00:00:00Z"))).toBeNull();
});

it("agrees with the window at every quarter of an hour around its changes", () => {
  let now = at("2026-10-23T00:05:00Z");
  for (let change = 0; change < 12; change += 1) {
    const next = nextChange(weekend, now);
    expect(next).not.toBeNull();
    const until = next ?? now;
    for (let time = now.getTime(); time < until.getTime(); time += 15 * 60_000)
      expect(holds(weekend, new Date(time))).toBe(holds(weekend, now));
    expect(holds(weekend, until)).toBe(!holds(weekend, now));
    now = until;
  }
});

it("knows time zones by their names", () => {
  expect([isTimeZone("Europe/Berlin"), isTimeZone("UTC"), isTimeZone("Mars/Olympus")]).toEqual([true, true, false]);
});
