import { InvalidError } from "../../errors.js";

const HOPS = 3;
/** Redirects that repeat the request unchanged; all others turn a write into a read. */
const REPEATS = [307, 308];

/**
 * Follows the redirect of a write only to another path of the same origin, with the same method and body (a renamed
 * repository answers 307). Any other target could lose the write, or hand it to a stranger. Source: GitHub's REST
 * reference, 'Follow redirects'.
 */
export function guardRedirects(fetchNow: typeof fetch): typeof fetch {
  return async (input, init) => {
    const method = (init?.method ?? "GET").toUpperCase();
    if (method === "GET" || method === "HEAD") return fetchNow(input, init);
    const asked = new URL(input instanceof Request ? input.url : input);
    let url = asked;
    for (let hop = 0; hop <= HOPS; hop += 1) {
      const response = await fetchNow(url, { ...init, redirect: "manual" });
      if (response.status < 300 || response.status > 399) return response;
      await response.body?.cancel();
      const to = targetOf(response.headers.get("location"), url);
      if (to?.origin !== asked.origin || !REPEATS.includes(response.status))
        throw new InvalidError(
          `${asked.host} redirects a ${method} with ${response.status} to ${to?.origin ?? "no address"}; nothing was written. ` +
            "Set GITHUB_API_URL and GITHUB_GRAPHQL_URL to the address of the redirect.",
        );
      url = to;
    }
    throw new InvalidError(`${asked.host} redirects a ${method} more than ${HOPS} times; nothing was written`);
  };
}

function targetOf(location: string | null, base: URL): URL | null {
  return location !== null && URL.canParse(location, base.href) ? new URL(location, base) : null;
}
