import { DEFAULT_BANDS } from "../../src/config/health-bands.js";
import type { Answered } from "../../src/health/answered.js";
import { installationAuthentication } from "../../src/health/checks/authentication.js";
import { drift, type DriftFacts } from "../../src/health/checks/drift.js";
import { quota, type Quota } from "../../src/health/checks/quota.js";
import { secrets } from "../../src/health/checks/secrets.js";
import { sync, type SyncFacts } from "../../src/health/checks/sync.js";
import { webhooks } from "../../src/health/checks/webhooks.js";
import type { Reading } from "../../src/health/reading.js";

export const NOW = new Date("2026-01-01T12:00:00Z");
export const ago = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1000);
export const HOUR = 3_600;
export const DAY = 24 * HOUR;
export const bands = DEFAULT_BANDS;

export function said<T>(value: T, seconds = 0.1): Answered<T> {
  return { ok: true, value, seconds };
}
export function failed(
  kind: "authentication" | "network" | "gone" | "rate-limit" | "unknown",
  seconds = 0.1,
): Answered<never> {
  return { ok: false, kind, reason: `it said ${kind}`, seconds };
}

export const WANTED = { permissions: { issues: "write", contents: "read" }, events: ["issues", "push"] };
export const GRANTED = { permissions: { issues: "write", contents: "write" }, events: ["push", "issues", "release"] };
export const LESS = { permissions: { issues: "read", contents: "read" }, events: ["push"] };
export const who = {
  installationId: 7n,
  account: "acme",
  accountType: "Organization",
  serverUrl: "https://github.test",
};

export const quotas = (remaining: number, more: Partial<Quota> = {}) =>
  quota(
    { quotas: said([{ name: "REST", limit: 5_000, remaining, resetAt: new Date(NOW.getTime() + 60_000), ...more }]) },
    bands,
    NOW,
  );

export const HOOK = { url: "https://us.test/api/github/webhooks", verifiesTls: true };
export const ours = [HOOK.url, "https://us.test/api/webhooks/github/receive"];
/** So many deliveries in the last hour, some of them answered with `code`. */
export function hooks(
  total: number,
  bad: number,
  code = 502,
  hook: typeof HOOK | { url: null; verifiesTls: boolean } = HOOK,
) {
  const attempts = Array.from({ length: total }, (_, index) => ({
    guid: String(index),
    deliveredAt: ago(60 + index),
    statusCode: index < bad ? code : 202,
  }));
  return webhooks({ hook: said(hook), ours, attempts: said(attempts) }, bands, NOW);
}
export const attempt = (deliveredAt: Date, statusCode: number) => ({
  guid: deliveredAt.toISOString(),
  deliveredAt,
  statusCode,
});
export const silent = (seconds: number) =>
  webhooks({ hook: said(HOOK), ours, attempts: said([attempt(ago(seconds), 202)]) }, bands, NOW);

export const drifts = (facts: Partial<DriftFacts>) =>
  drift({ open: 0, oldestSeconds: 0, lost: 0, givenUp: 0, comparedSeconds: 60, ...facts }, bands);
export const syncs = (facts: Partial<SyncFacts>) =>
  sync({ completeSeconds: 60, knownSeconds: 30 * DAY, pausedReason: null, failing: [], ...facts }, bands);

export function expiring(...left: readonly number[]): Reading {
  const reading = secrets([said(left.map(toSecret))], bands, NOW);
  if (reading === null) throw new Error("nothing expires");
  return reading;
}

export function toSecret(seconds: number, index = 0) {
  const remedy = "Renew it where it was made, and set the new one.";
  return { name: `token ${index}`, expiresAt: ago(-seconds), remedy };
}

export function access(given: Partial<Parameters<typeof installationAuthentication>[0]>): Reading {
  const facts = { listed: said({ ...GRANTED, suspended: false }), call: said(0), who, ...given };
  return installationAuthentication(facts, WANTED);
}
