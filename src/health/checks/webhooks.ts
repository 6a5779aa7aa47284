import type { HealthBands } from "../../config/health-bands.js";
import type { Answered } from "../answered.js";
import { bandOf } from "../band-of.js";
import { healthy, type Reading, unread, wrong } from "../reading.js";
import { duration, percent, secondsBetween } from "../words.js";

/** One attempt of GitHub's to deliver something to us. */
export interface AttemptFact {
  readonly deliveredAt: Date;
  /** 0: none came yet. */
  readonly statusCode: number;
}

export interface WebhookFacts {
  /** Where GitHub delivers to; null: nowhere. */
  readonly hook: Answered<{ readonly url: string | null; readonly verifiesTls: boolean }>;
  /** Where it should; empty when PUBLIC_URL is not set. */
  readonly ours: readonly string[];
  /** The newest, newest first. */
  readonly attempts: Answered<readonly AttemptFact[]>;
}

const WINDOW_S = 3_600;
const SETTINGS = "under 'Webhook' of the App's settings";

/** Whether GitHub's deliveries come here and are taken. `value`: the share of the last hour's that failed. */
export function webhooks(facts: WebhookFacts, bands: HealthBands, now: Date): Reading {
  const { hook, ours, attempts } = facts;
  if (!hook.ok) return unread("webhooks", `GitHub could not be asked: ${hook.because}`);
  if (!attempts.ok) return unread("webhooks", `GitHub's deliveries could not be listed: ${attempts.because}`);
  const { url, verifiesTls } = hook.value;
  if (url === null) return misdirected("the App has no webhook URL", ours);
  if (ours.length > 0 && !ours.includes(url)) return misdirected(`GitHub delivers to ${url}, not here`, ours);
  const lately = attempts.value.filter(
    ({ deliveredAt, statusCode }) => statusCode > 0 && secondsBetween(deliveredAt, now) <= WINDOW_S,
  );
  const failed = lately.filter(({ statusCode }) => statusCode < 200 || statusCode >= 300);
  const failing = lately.length === 0 ? 0 : failed.length / lately.length;
  const state = bandOf(failing, bands.failingDeliveries);
  if (state !== "healthy") return failingReading(state, failed, lately.length);
  if (!verifiesTls)
    return wrong("webhooks", "degraded", {
      reason: "GitHub delivers without verifying our certificate",
      remedy: `Enable SSL verification ${SETTINGS}.`,
      alert: false,
    });
  return silence(attempts.value[0] ?? null, bands, now, failing);
}

function misdirected(reason: string, ours: readonly string[]): Reading {
  const target = ours[0] ?? "<PUBLIC_URL>/api/github/webhooks";
  return wrong("webhooks", "unhealthy", { reason, remedy: `Set it to ${target} ${SETTINGS}.` });
}

function failingReading(state: "degraded" | "unhealthy", failed: readonly AttemptFact[], total: number): Reading {
  const codes = [...new Set(failed.map(({ statusCode }) => statusCode))].sort((a, b) => a - b);
  const share = failed.length / total;
  const reason = `${failed.length} of the last hour's ${total} deliveries failed (${percent(share)}; ${codes.join(", ")})`;
  return wrong("webhooks", state, { reason, remedy: remedyFor(codes), value: share });
}

function remedyFor(codes: readonly number[]): string {
  if (codes.includes(401))
    return `401: the secret ${SETTINGS} is not in WEBHOOK_SECRET. Set the same in both; during a rotation list the old and the new one.`;
  if (codes.some((code) => code === 502 || code === 504))
    return "502 and 504: GitHub does not reach this server, or not in time. Check DNS, the proxy in front, the firewall, and the load.";
  if (codes.includes(503))
    return "503: deliveries could not be stored. Check the database; what failed is repeated by itself.";
  return "Open one under 'Advanced' of the App's settings to see what was answered; what failed is repeated by itself.";
}

function silence(newest: AttemptFact | null, bands: HealthBands, now: Date, failing: number): Reading {
  if (newest === null) return healthy("webhooks", "GitHub lists no delivery yet", failing);
  const silent = secondsBetween(newest.deliveredAt, now);
  const reason = `the last delivery came ${duration(silent)} ago`;
  const state = bandOf(silent, bands.silentSeconds);
  if (state === "healthy") return healthy("webhooks", reason, failing);
  const remedy = `If something happened in the organisation since, see whether the webhook is active ${SETTINGS}.`;
  return wrong("webhooks", state, { reason, remedy, value: failing });
}
