const LEAST_MS = 1_000;
const MOST_MS = 60 * 60_000;

/**
 * The time in a `Retry-After` header (seconds or an HTTP date); null without a valid one. Limited to between one second
 * and one hour from now, because the server may be wrong or hostile. Source: RFC 9110, 10.2.3.
 */
export function retryAfterOf(header: unknown, now: Date): Date | null {
  if (typeof header !== "string" && typeof header !== "number") return null;
  const text = String(header).trim();
  const ms = /^\d+(\.\d+)?(e\+?\d+)?$/i.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime();
  if (Number.isNaN(ms)) return null;
  return new Date(now.getTime() + Math.min(MOST_MS, Math.max(LEAST_MS, ms)));
}
