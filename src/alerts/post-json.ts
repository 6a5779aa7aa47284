import { messageOf, NetworkError, RateLimitError, InvalidError } from "../errors.js";
import { retryAfterOf } from "../errors/retry-after.js";

/** How long a sink may take to answer (ms). */
const PATIENCE_MS = 10_000;
/** How long to pause a sink that refuses and does not name a retry time. */
const UNSAID_LIMIT_MS = 60_000;

export interface JsonPost {
  readonly url: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly now: Date;
  readonly patienceMs?: number;
}

/**
 * Posts JSON text; resolves on a 2xx status. Follows no redirects, because a redirect could send the signature
 * elsewhere.
 * @throws an AppError that names the host but never the URL, which may contain a token.
 */
export async function postJson({ url, body, headers, signal, now, patienceMs = PATIENCE_MS }: JsonPost): Promise<void> {
  const { host } = new URL(url);
  const limit = AbortSignal.timeout(patienceMs);
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      body,
      headers: { "content-type": "application/json", "user-agent": "companyos-github", ...headers },
      redirect: "manual",
      signal: AbortSignal.any([signal, limit]),
    });
    await response.body?.cancel();
  } catch (error) {
    const why = limit.aborted ? `no answer within ${patienceMs} ms` : reasonOf(error);
    throw new NetworkError(`${host} could not be reached: ${why}`);
  }
  if (response.ok) return;
  const said = `${host} answered ${response.status}`;
  const after = retryAfterOf(response.headers.get("retry-after"), now);
  if (response.status === 429) throw new RateLimitError(said, after ?? new Date(now.getTime() + UNSAID_LIMIT_MS));
  if (response.status === 503 && after) throw new RateLimitError(said, after);
  if (response.status >= 500 || response.status === 408) throw new NetworkError(said);
  if (response.status >= 300 && response.status < 400)
    throw new InvalidError(`${said}: the app follows no redirects. Set the address that the redirect names`);
  throw new InvalidError(`${said}: check its address and its secret`);
}

/** `fetch` only says 'fetch failed'; its cause has the reason. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && "code" in cause) return String(cause.code);
  return messageOf(error);
}
