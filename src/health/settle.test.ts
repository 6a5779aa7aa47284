import { array, assert, constantFrom, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { alertOf } from "./incident-of.js";
import { levelOf, rankOf } from "./level.js";
import { CHECKS, healthy, type Reading, unread, wrong } from "./reading.js";
import { settle, type Standing } from "./settle.js";

const T0 = Date.parse("2026-01-01T00:00:00Z");
const at = (minute: number): Date => new Date(T0 + minute * 60_000);

const READINGS: Readonly<Record<string, Reading>> = {
  h: healthy("queue", "fine"),
  q: wrong("queue", "degraded", { reason: "a little slow", remedy: "wait", alert: false }),
  d: wrong("queue", "degraded", { reason: "slow", remedy: "more workers" }),
  u: wrong("queue", "unhealthy", { reason: "stuck", remedy: "start a worker" }),
  "?": unread("queue", "could not be asked"),
};

/** One letter a reading, five minutes apart; gives the letter of the state after each, and what was said to alerts. */
function run(letters: string) {
  let standing: Standing | null = null;
  const states: string[] = [];
  const alerts: string[] = [];
  for (const [index, letter] of letters.split("").entries()) {
    const reading = READINGS[letter];
    if (!reading) throw new Error(letter);
    const settled = settle(standing, reading, at(index * 5));
    standing = settled.standing;
    states.push(standing.level.state === "unknown" ? "?" : ("hqdu"[rankOf(standing.level)] ?? ""));
    const alert = alertOf({ installationId: 7n, account: "acme" }, "queue", settled);
    if (alert) alerts.push(alert.kind === "raise" ? `raise ${alert.incident.severity}` : "resolve");
  }
  return { states: states.join(""), alerts, standing };
}

describe("the first reading counts at once, a later change takes two", () => {
  it.each([
    ["h", "h", []],
    ["u", "u", ["raise critical"]],
    ["d", "d", ["raise warning"]],
    ["q", "q", []],
    ["uu", "uu", ["raise critical"]],
    // A check that was never made is unknown, however often it was tried.
    ["?", "?", []],
    ["???", "???", []],
    ["??h", "??h", []],
    ["??u", "??u", ["raise critical"]],
    ["huu", "hhu", ["raise critical"]],
    ["hdd", "hhd", ["raise warning"]],
    ["hqq", "hhq", []],
    ["hqqdd", "hhqqd", ["raise warning"]],
    ["hdduu", "hhddu", ["raise warning", "raise critical"]],
    ["uuhh", "uuuh", ["raise critical", "resolve"]],
    ["uudd", "uuud", ["raise critical", "raise warning"]],
    ["uuqq", "uuuq", ["raise critical", "resolve"]],
    ["ddqqdd", "dddqqd", ["raise warning", "resolve", "raise warning"]],
    // What flaps changes nothing, and what is bad in two ways is as bad as both agree.
    ["huhuhuhu", "hhhhhhhh", []],
    ["hududu", "hhdddd", ["raise warning"]],
    ["uuhuhuhu", "uuuuuuuu", ["raise critical"]],
    ["uuhdhd", "uuuddd", ["raise critical", "raise warning"]],
    // What cannot be read says nothing: neither that it got worse nor that it is well again.
    ["hu?u", "hhhu", ["raise critical"]],
    ["uu????", "uuuuuu", ["raise critical"]],
    ["?uu", "?uu", ["raise critical"]],
    ["uu?h?h", "uuuuuh", ["raise critical", "resolve"]],
  ])("%s", (readings, states, alerts) => {
    const ran = run(readings);
    expect([ran.states, ran.alerts]).toEqual([states, alerts]);
  });
});

describe("a state keeps its own words", () => {
  it("while one reading differs from the state", () => {
    expect(run("hu").standing).toMatchObject({
      level: { state: "healthy" },
      reason: "fine",
      remedy: null,
      pending: { level: { state: "unhealthy" }, reason: "stuck" },
      since: at(0),
      checkedAt: at(5),
    });
    expect(run("uuh").standing).toMatchObject({ reason: "stuck", remedy: "start a worker", since: at(0) });
  });

  it("and gives the reason of the last failed reading until one succeeds", () => {
    expect(run("uu?").standing).toMatchObject({ reason: "stuck", unread: "could not be asked", checkedAt: at(10) });
    expect(run("uu?u").standing).toMatchObject({ reason: "stuck", unread: null });
  });

  it("and takes the reason of the latest reading of its kind", () => {
    const first = settle(null, healthy("queue", "3 jobs", 3), at(0)).standing;
    expect(settle(first, healthy("queue", "4 jobs", 4), at(5)).standing).toMatchObject({ reason: "4 jobs", value: 4 });
  });
});

it("raises at most one alert while flapping between any two levels, in any order", () => {
  assert(
    property(constantFrom("hq", "hd", "hu", "qd", "qu", "du"), integer({ min: 4, max: 60 }), (two, length) => {
      const letters = Array.from({ length }, (_, index) => two[index % 2]).join("");
      expect(run(letters).alerts.length).toBeLessThanOrEqual(1);
    }),
  );
});

it("ends where two equal readings in a row say", () => {
  const letters = array(constantFrom("h", "q", "d", "u", "?"), { maxLength: 30 });
  assert(
    property(letters, constantFrom("h", "q", "d", "u"), (before, last) => {
      expect(run([...before, last, last].join("")).states.at(-1)).toBe(last);
    }),
  );
});

it("levels and ranks are one order", () => {
  for (const rank of [0, 1, 2, 3]) expect(rankOf(levelOf(rank))).toBe(rank);
});

it("names the kind of incident, the account and the remedy, for every check", () => {
  const kinds = CHECKS.map((check) => {
    const reading = wrong(check, "unhealthy", { reason: "broken", remedy: "mend it" });
    const alert = alertOf({ installationId: 7n, account: "acme" }, check, settle(null, reading, at(0)));
    if (alert?.kind !== "raise") throw new Error("no alert");
    expect(alert.incident).toMatchObject({
      key: `health/7/${check}`,
      title: `${check} is unhealthy for acme`,
      detail: "broken",
      remedy: "mend it",
    });
    return alert.incident.kind;
  });
  expect(new Set(kinds)).toEqual(
    new Set(["authentication", "rate-limit", "health", "delivery-loss", "expiring-secret"]),
  );
});
