import type { HealthBands } from "../../config/health-bands.js";
import type { Answered } from "../answered.js";
import { type AttemptFact, outcomeOf } from "../attempt.js";
import { bandOf } from "../band-of.js";
import { healthy, type Reading, unread, wrong } from "../reading.js";
import { duration, percent, secondsBetween } from "../words.js";

export interface WebhookFacts {
  /** The App's webhook URL; null: none. */
  readonly hook: Answered<{ readonly url: string | null; readonly verifiesTls: boolean }>;
  /** The expected URL; empty when PUBLIC_URL is not set. */
  readonly ours: readonly string[];
  /** The newest attempts, newest first, at most `LISTED`. */
  readonly attempts: Answered<readonly AttemptFact[]>;
}

/** The number of requested attempts: one page. */
export const LISTED = 100;
const WINDOW_S = 3_600;
/** A restart causes this many failures, and they are recovered. */
const LEAST_FAILED = 3;
const SETTINGS = "under 'Webhook' of the App's settings";

/**
 * Whether GitHub's deliveries arrive and are accepted. Judges the last hour's deliveries, and with few of them the
 * newest consecutive failures. A delivery that a later attempt brought is no failure. `value`: the share that failed.
 * @param least the number of failures that counts as a problem.
 */
export function webhooks(facts: WebhookFacts, bands: HealthBands, now: Date, least = LEAST_FAILED): Reading {
  const { hook, ours, attempts } = facts;
  if (!hook.ok) return unread("webhooks", `GitHub could not be reached: ${hook.reason}`);
  if (!attempts.ok) return unread("webhooks", `GitHub's list of deliveries could not be read: ${attempts.reason}`);
  const { url, verifiesTls } = hook.value;
  if (url === null) return misdirected("the App has no webhook URL", ours);
  if (ours.length > 0 && !ours.includes(url)) return misdirected(`GitHub delivers to ${url}, not here`, ours);
  const window = windowOf(attempts.value, now, least);
  const failing = window.total === 0 ? 0 : window.failed.length / window.total;
  const state = window.failed.length < least ? "healthy" : bandOf(failing, bands.failingDeliveries);
  if (state !== "healthy") return failingReading(state, window);
  if (!verifiesTls)
    return wrong("webhooks", "degraded", {
      reason: "GitHub delivers without verifying our certificate",
      remedy: `Enable SSL verification ${SETTINGS}.`,
      alert: false,
    });
  return silence(attempts.value[0] ?? null, bands, now, failing);
}

/** The deliveries that are judged. */
interface Window {
  readonly failed: readonly AttemptFact[];
  readonly total: number;
  readonly words: string;
}

function windowOf(attempts: readonly AttemptFact[], now: Date, least: number): Window {
  const judged = latestOfEach(attempts.filter((attempt) => outcomeOf(attempt, now) !== "open"));
  const isLate = ({ deliveredAt }: AttemptFact): boolean => secondsBetween(deliveredAt, now) <= WINDOW_S;
  const hasFailed = (attempt: AttemptFact): boolean => outcomeOf(attempt, now) === "failed";
  const hour = judged.filter(isLate);
  const failed = hour.filter(hasFailed);
  const cut = attempts.length >= LISTED && attempts.every(isLate);
  const words = cut ? `the newest ${hour.length}` : `the last hour's ${hour.length}`;
  if (failed.length >= least) return { failed, total: hour.length, words };
  // In quiet hours this is the only sign that every delivery fails.
  const taken = judged.findIndex((attempt) => !hasFailed(attempt));
  const inARow = taken < 0 ? judged : judged.slice(0, taken);
  if (inARow.length < least) return { failed, total: hour.length, words };
  return { failed: inARow, total: inARow.length, words: `the newest ${inARow.length}` };
}

/** Newest first: the first listed attempt of a delivery is its latest. */
function latestOfEach(attempts: readonly AttemptFact[]): readonly AttemptFact[] {
  const latest = new Map<string, AttemptFact>();
  for (const attempt of attempts) if (!latest.has(attempt.guid)) latest.set(attempt.guid, attempt);
  return [...latest.values()];
}

function misdirected(reason: string, ours: readonly string[]): Reading {
  const target = ours[0] ?? "<PUBLIC_URL>/api/github/webhooks";
  return wrong("webhooks", "unhealthy", { reason, remedy: `Set it to ${target} ${SETTINGS}.` });
}

function failingReading(state: "degraded" | "unhealthy", { failed, total, words }: Window): Reading {
  const codes = [...new Set(failed.map(({ statusCode }) => statusCode))].sort((a, b) => a - b);
  const share = failed.length / total;
  const said = codes.map((code) => (code === 0 ? "no answer" : code)).join(", ");
  const reason = `${failed.length} of ${words} deliveries failed (${percent(share)}; ${said})`;
  return wrong("webhooks", state, { reason, remedy: remedyFor(codes), value: share });
}

function remedyFor(codes: readonly number[]): string {
  if (codes.includes(401))
    return `401: the secret ${SETTINGS} is not in WEBHOOK_SECRET. Use the same secret in both; during a rotation list the old and the new one.`;
  if (codes.some((code) => code === 0 || code === 502 || code === 504))
    return "502, 504 or no answer: GitHub does not reach this server in time. Check DNS, the proxy in front, the firewall, and the load.";
  if (codes.includes(503))
    return "503: deliveries could not be stored. Check the database. The app requests the failed deliveries again.";
  return "Open a failed delivery under 'Advanced' of the App's settings to see the response. The app requests the failed deliveries again.";
}

function silence(newest: AttemptFact | null, bands: HealthBands, now: Date, failing: number): Reading {
  if (newest === null) return healthy("webhooks", "GitHub lists no delivery yet", failing);
  const silent = secondsBetween(newest.deliveredAt, now);
  const reason = `the last delivery came ${duration(silent)} ago`;
  const state = bandOf(silent, bands.silentSeconds);
  if (state === "healthy") return healthy("webhooks", reason, failing);
  const remedy = `If the organisation was active since, check that the webhook is active ${SETTINGS}.`;
  return wrong("webhooks", state, { reason, remedy, value: failing });
}
