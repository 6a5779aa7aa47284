/**
 * Why a request is not taken, as answered over HTTP. The contract: 400 malformed, 401 bad or missing signature,
 * 405 not a POST, 408 too slow, 413 over the limit, 503 not made durable.
 */
export interface Refusal {
  readonly status: 400 | 401 | 405 | 408 | 413 | 503;
  readonly reason: string;
}

export function refusal(status: Refusal["status"], reason: string): Refusal {
  return { status, reason };
}
