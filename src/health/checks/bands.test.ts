import { describe, expect, it, test } from "vitest";
import {
  access,
  bands,
  DAY,
  drifts,
  expiring,
  failed,
  HOOK,
  hooks,
  HOUR,
  LESS,
  GRANTED,
  NOW,
  ours,
  quotas,
  said,
  silent,
  syncs,
  WANTED,
} from "../../../test/health/readings.js";
import { CHECKS, type CheckName, type Reading } from "../reading.js";
import { settle, type Standing } from "../settle.js";
import { api } from "./api.js";
import { appAuthentication } from "./authentication.js";
import { database, inbox, queue, workers } from "./own-parts.js";
import { quota } from "./quota.js";

/** Every band of every check, on both sides of each edge: the reading, its state, and whether people are told. */
const BANDS: readonly (readonly [string, Reading, "healthy" | "degraded" | "unhealthy", boolean])[] = [
  ["authentication: the App is known", appAuthentication(said({ slug: "us", ...GRANTED }), WANTED), "healthy", false],
  [
    "authentication: the App lacks something",
    appAuthentication(said({ slug: "us", ...LESS }), WANTED),
    "degraded",
    true,
  ],
  ["authentication: the key is refused", appAuthentication(failed("authentication"), WANTED), "unhealthy", true],
  ["authentication: the App is gone", appAuthentication(failed("gone"), WANTED), "unhealthy", true],
  ["authentication: installed", access({}), "healthy", false],
  ["authentication: not accepted yet", access({ listed: said({ ...LESS, suspended: false }) }), "degraded", true],
  [
    "authentication: suspended",
    access({ listed: said({ ...GRANTED, suspended: true }), call: null }),
    "unhealthy",
    true,
  ],
  ["authentication: uninstalled", access({ listed: said(null), call: null }), "unhealthy", true],
  ["authentication: the token is refused", access({ call: failed("authentication") }), "unhealthy", true],
  ["authentication: a limit is no refusal", access({ call: failed("rate-limit") }), "healthy", false],

  ["quota: 20 %", quotas(1_000), "healthy", false],
  ["quota: under 20 %", quotas(999), "degraded", false],
  ["quota: 10 %", quotas(500), "degraded", false],
  ["quota: under 10 %", quotas(499), "degraded", true],
  ["quota: 5 %", quotas(250), "degraded", true],
  ["quota: under 5 %", quotas(249), "unhealthy", true],
  ["quota: refused", quota({ quotas: failed("rate-limit") }, bands, NOW), "unhealthy", true],
  ["quota: no limits", quota({ quotas: said([]) }, bands, NOW), "healthy", false],
  // Half an hour took 60 %: the other half needs more than is left.
  [
    "quota: used up before the reset",
    quotas(2_000, { resetAt: new Date(NOW.getTime() + 1_800_000) }),
    "degraded",
    false,
  ],
  ["quota: enough until the reset", quotas(2_600, { resetAt: new Date(NOW.getTime() + 1_800_000) }), "healthy", false],
  [
    "quota: too early for a forecast",
    quotas(4_000, { resetAt: new Date(NOW.getTime() + 3_300_000) }),
    "healthy",
    false,
  ],

  ["api: under 2 s", api({ light: said(0, 1.99), real: null }, bands), "healthy", false],
  ["api: 2 s", api({ light: said(0, 2), real: null }, bands), "degraded", true],
  ["api: under 5 s", api({ light: said(0, 4.99), real: null }, bands), "degraded", true],
  ["api: 5 s", api({ light: said(0, 5), real: null }, bands), "unhealthy", true],
  ["api: no answer", api({ light: failed("network"), real: null }, bands), "unhealthy", true],
  ["api: slow real calls", api({ light: said(0), real: { calls: 40, p50: 3, p95: 9 } }, bands), "degraded", true],
  [
    "api: a few slow real calls",
    api({ light: said(0), real: { calls: 40, p50: 0.3, p95: 9 } }, bands),
    "healthy",
    false,
  ],
  ["api: refused is answered", api({ light: failed("authentication"), real: null }, bands), "healthy", false],

  ["webhooks: all taken", hooks(100, 0), "healthy", false],
  ["webhooks: under 5 % fail", hooks(100, 4), "healthy", false],
  ["webhooks: 5 % fail", hooks(100, 5), "degraded", true],
  ["webhooks: under half fail", hooks(100, 49), "degraded", true],
  ["webhooks: half fail", hooks(100, 50), "unhealthy", true],
  ["webhooks: nowhere", hooks(9, 0, 0, { url: null, verifiesTls: true }), "unhealthy", true],
  ["webhooks: elsewhere", hooks(9, 0, 0, { ...HOOK, url: "https://them.test" }), "unhealthy", true],
  ["webhooks: our other path", hooks(9, 0, 0, { ...HOOK, url: ours[1] ?? "" }), "healthy", false],
  ["webhooks: without TLS", hooks(9, 0, 0, { ...HOOK, verifiesTls: false }), "degraded", false],
  ["webhooks: under 2 days silent", silent(2 * DAY - 1), "healthy", false],
  ["webhooks: 2 days silent", silent(2 * DAY), "degraded", true],
  ["webhooks: 30 days silent", silent(30 * DAY), "unhealthy", true],
  ["webhooks: none ever", hooks(0, 0), "healthy", false],

  ["database: under 0.5 s", database(said(0, 0.49), bands), "healthy", false],
  ["database: 0.5 s", database(said(0, 0.5), bands), "degraded", true],
  ["database: 2 s", database(said(0, 2), bands), "unhealthy", true],
  ["database: no answer", database(failed("network"), bands), "unhealthy", true],

  ["queue: no job is due", queue({ unready: null, due: 0, oldestSeconds: 0 }, bands), "healthy", false],
  ["queue: under 5 min", queue({ unready: null, due: 5, oldestSeconds: 299 }, bands), "healthy", false],
  ["queue: 5 min", queue({ unready: null, due: 5, oldestSeconds: 300 }, bands), "degraded", true],
  ["queue: 30 min", queue({ unready: null, due: 5, oldestSeconds: 1_800 }, bands), "unhealthy", true],
  ["queue: 10,000 wait", queue({ unready: null, due: 10_000, oldestSeconds: 1 }, bands), "degraded", true],
  ["queue: 100,000 wait", queue({ unready: null, due: 100_000, oldestSeconds: 1 }, bands), "unhealthy", true],
  ["queue: away", queue({ unready: "no Redis", due: 0, oldestSeconds: 0 }, bands), "degraded", true],

  ["workers: all alive", workers({ abandoned: 0, oldestSeconds: 0 }, bands), "healthy", false],
  ["workers: just died", workers({ abandoned: 3, oldestSeconds: 119 }, bands), "healthy", false],
  ["workers: nobody took over", workers({ abandoned: 3, oldestSeconds: 120 }, bands), "degraded", true],
  ["workers: nobody at all", workers({ abandoned: 3, oldestSeconds: 600 }, bands), "unhealthy", true],

  ["inbox: all processed", inbox({ waiting: 0, oldestSeconds: 0 }, bands), "healthy", false],
  ["inbox: under a minute", inbox({ waiting: 9, oldestSeconds: 59 }, bands), "healthy", false],
  ["inbox: a minute", inbox({ waiting: 9, oldestSeconds: 60 }, bands), "degraded", true],
  ["inbox: 10 min", inbox({ waiting: 9, oldestSeconds: 600 }, bands), "unhealthy", true],

  ["sync: fresh", syncs({ completeSeconds: 1_199 }), "healthy", false],
  ["sync: 20 min", syncs({ completeSeconds: 1_200 }), "degraded", true],
  ["sync: an hour", syncs({ completeSeconds: HOUR }), "unhealthy", true],
  ["sync: the first one lasts", syncs({ completeSeconds: null, knownSeconds: 20 * HOUR }), "healthy", false],
  ["sync: never complete", syncs({ completeSeconds: null, knownSeconds: 25 * HOUR }), "unhealthy", true],
  ["sync: one repository fails", syncs({ failing: [{ name: "acme/broken", seconds: DAY - 1 }] }), "degraded", false],
  ["sync: one repository, a day", syncs({ failing: [{ name: "acme/broken", seconds: DAY }] }), "degraded", true],
  ["sync: one repository, a week", syncs({ failing: [{ name: "acme/broken", seconds: 7 * DAY }] }), "unhealthy", true],

  ["drift: nothing lost", drifts({}), "healthy", false],
  ["drift: lost a moment ago", drifts({ open: 2, oldestSeconds: 1_799, lost: 2 }), "healthy", false],
  ["drift: lost for 30 min", drifts({ open: 2, oldestSeconds: 1_800, lost: 2 }), "degraded", true],
  ["drift: lost for 4 h", drifts({ open: 2, oldestSeconds: 4 * HOUR, lost: 2 }), "unhealthy", true],
  ["drift: given up", drifts({ lost: 2, givenUp: 1 }), "degraded", true],
  ["drift: not compared for 20 min", drifts({ comparedSeconds: 1_200 }), "degraded", true],
  ["drift: not compared for 2 h", drifts({ comparedSeconds: 2 * HOUR }), "unhealthy", true],
  ["secrets: 30 days are left", expiring(30 * DAY), "healthy", false],
  ["secrets: just under 30 days", expiring(30 * DAY - 1), "degraded", true],
  ["secrets: 7 days are left", expiring(7 * DAY), "degraded", true],
  ["secrets: just under 7 days", expiring(7 * DAY - 1), "unhealthy", true],
  ["secrets: expired", expiring(-1), "unhealthy", true],
  ["secrets: the first of several", expiring(90 * DAY, 6 * DAY, 20 * DAY), "unhealthy", true],
];

test.each(BANDS)("%s", (_what, reading, state, alert) => {
  expect(reading.level).toEqual({ state, alert });
  expect(reading.reason).not.toBe("");
  // What is wrong comes with what to do.
  expect((reading.remedy ?? "").length > 20).toBe(state !== "healthy");
});

test("drift: is unknown before the first comparison", () => {
  expect(drifts({ comparedSeconds: null })).toMatchObject({ level: null });
  expect(drifts({ comparedSeconds: null, givenUp: 1 })).toMatchObject({ level: { state: "degraded" } });
});

/** The first reading of the table for a check in a state. */
function readingOf(check: CheckName, state: "healthy" | "degraded" | "unhealthy"): Reading {
  const found = BANDS.map(([, reading]) => reading).find(
    ({ check: name, level }) => name === check && level?.state === state && (state === "healthy" || level.alert),
  );
  if (!found) throw new Error(`no ${state} reading of ${check}`);
  return found;
}

describe.each(CHECKS)("%s", (check) => {
  const at = (pass: number): Date => new Date(NOW.getTime() + pass * 300_000);
  const steps = ["healthy", "degraded", "unhealthy"] as const;
  const ways = steps.flatMap((from) => steps.filter((to) => to !== from).map((to) => [from, to] as const));

  it.each(ways)("goes from %s to %s with the second reading, and gives the reason", (from, to) => {
    let standing: Standing | null = null;
    const seen: string[] = [];
    for (const [pass, state] of [from, from, to, to].entries()) {
      ({ standing } = settle(standing, readingOf(check, state), at(pass)));
      seen.push(standing.level.state);
    }
    expect(seen.slice(1)).toEqual([from, from, to]);
    expect(standing).toMatchObject({ reason: readingOf(check, to).reason, since: at(3), pending: null });
  });
});
