import { expect, test } from "vitest";
import { ALERT_POLICY, retryAfterMs, dueMessage, type Standing } from "./policy.js";

const { groupMs, quietMs, repeatMs } = ALERT_POLICY;
const start = new Date("2026-01-05T10:00:00Z");
const at = (ms: number): Date => new Date(start.getTime() + ms);
const open: Standing = {
  openedAt: start,
  severity: "warning",
  resolvedAt: null,
  lapsed: false,
  said: null,
  saidAt: null,
  saidSeverity: null,
};
const told: Standing = { ...open, said: "opened", saidAt: start, saidSeverity: "warning" };

const cases: readonly [string, Standing, number, ReturnType<typeof dueMessage>][] = [
  ["a new incident waits for others", open, groupMs - 1, null],
  ["and is told then", open, groupMs, "opened"],
  ["it is told once", { ...open, said: "opened", saidAt: start }, repeatMs - 1, null],
  ["again when it lasts", { ...open, said: "opened", saidAt: start }, repeatMs, "reminded"],
  ["and again", { ...open, said: "reminded", saidAt: at(repeatMs) }, 2 * repeatMs, "reminded"],
  ["over before anybody was told", { ...open, resolvedAt: at(1_000) }, 10 * quietMs, null],
  ["healed a moment ago", { ...open, said: "opened", saidAt: start, resolvedAt: at(0) }, quietMs - 1, null],
  ["healed for good", { ...open, said: "opened", saidAt: start, resolvedAt: at(0) }, quietMs, "recovered"],
  ["its recovery is told once", { ...open, said: "recovered", saidAt: start, resolvedAt: at(0) }, 9 * quietMs, null],
  ["worse than what was told", { ...told, severity: "critical" }, 1, "worse"],
  ["worse, and told so", { ...told, severity: "critical", said: "worse", saidSeverity: "critical" }, 1, null],
  ["worse, and it lasts", { ...told, said: "worse" }, repeatMs, "reminded"],
  ["better than what was told", { ...told, severity: "info" }, 1, null],
  ["told before severities were kept", { ...told, severity: "critical", saidSeverity: null }, 1, null],
  ["worse before anybody was told", { ...open, severity: "critical" }, groupMs, "opened"],
  ["worse, healed for good", { ...told, said: "worse", resolvedAt: start }, quietMs, "recovered"],
  ["too old", { ...told, resolvedAt: start, lapsed: true }, quietMs, "lapsed"],
  ["too old, and told so", { ...told, said: "lapsed", resolvedAt: start, lapsed: true }, 9 * quietMs, null],
  ["back after its recovery was told", { ...open, said: "recovered", saidAt: start }, groupMs, "opened"],
];

test.each(cases)("%s", (_name, standing, ms, saying) => {
  expect(dueMessage(standing, at(ms), ALERT_POLICY)).toBe(saying);
});

test("reports a check that flaps for an hour once", () => {
  let standing = open;
  const said: string[] = [];
  for (let ms = 0; ms < 60 * 60_000; ms += 60_000) {
    standing = { ...standing, resolvedAt: (ms / 60_000) % 2 === 1 ? at(ms) : null };
    const saying = dueMessage(standing, at(ms + groupMs), ALERT_POLICY);
    if (!saying) continue;
    said.push(saying);
    standing = { ...standing, said: saying, saidAt: at(ms) };
  }
  expect(said).toEqual(["opened"]);
});

test("retries back off to a quarter of an hour", () => {
  expect([1, 2, 3, 7, 8, 1_000].map(retryAfterMs)).toEqual([10_000, 20_000, 40_000, 640_000, 900_000, 900_000]);
});
