import type { Octokit } from "@octokit/core";
import type { OctokitOptions } from "@octokit/core/types";
import { ProbotOctokit } from "probot";
import { z } from "zod";
import { NetworkError } from "../errors.js";
import { conditional } from "./octokit/conditional.js";
import { observe, type CallObserver } from "./octokit/observe.js";
import { guardRedirects } from "./octokit/redirects.js";
import { refreshToken } from "./octokit/refresh.js";
import { Spacing, UNSPACED } from "./octokit/spacing.js";
import { MemoryResponseCache, type ResponseCache } from "./response-cache.js";

export interface OctokitSettings {
  /** Base of the REST API: `https://api.github.com`, `https://<host>/api/v3`. */
  readonly apiUrl: string;
  /** Receives every exchange, for the budget and the metrics. */
  readonly onResponse?: CallObserver;
  /** Stores bodies for conditional requests; default: 32 MiB in memory. */
  readonly cache?: ResponseCache;
  /** The time limit of one exchange, including its body (ms); default 20,000. */
  readonly timeoutMs?: number;
  /** The time between two writes of one installation that notify people (ms); default 1,000 (GitHub's advice). */
  readonly writeSpacingMs?: number;
  /** Default: Node's own. */
  readonly fetch?: typeof fetch;
}

const CACHE_BYTES = 32 * 1024 * 1024;

const Instance = z.object({
  auth: z.record(z.string(), z.unknown()).optional(),
  throttle: z.record(z.string(), z.unknown()).optional(),
  request: z.record(z.string(), z.unknown()).optional(),
});
const InstallationId = z.coerce.bigint().nullable().catch(null);

/**
 * The Octokit class for Probot (`new Probot({ Octokit })`) with this app's policy: no retries or sleeps inside a
 * request; a rate limit is an error at once; every exchange has a time limit and is observed; unchanged bodies come
 * from a cache. Create it once in a process: the instances share cache and spacing.
 */
export function buildOctokit(settings: OctokitSettings): typeof ProbotOctokit {
  const cache = settings.cache ?? new MemoryResponseCache(CACHE_BYTES);
  const fetchNow = withoutPages(
    withTimeout(guardRedirects(settings.fetch ?? globalFetch), settings.timeoutMs ?? 20_000),
  );
  const throttle = {
    enabled: true,
    // One refusal is one error, and policyFor delays the job. Deliberately not `true`, which sleeps inside the request.
    onRateLimit: () => false,
    onSecondaryRateLimit: () => false,
    // The plugin counts GraphQL queries as writes; GitHub does not.
    write: UNSPACED,
    notifications: new Spacing(settings.writeSpacingMs ?? 1_000),
  };
  const gateway = (octokit: Octokit, options: OctokitOptions): void => {
    const installationId = InstallationId.parse(Instance.parse(options).auth?.["installationId"]);
    observe(octokit, installationId, fetchNow, settings.onResponse ?? (() => undefined));
    if (installationId !== null) refreshToken(octokit);
    conditional(octokit, String(installationId ?? "app"), cache);
  };
  return ProbotOctokit.plugin(gateway).defaults((given: OctokitOptions): OctokitOptions => {
    const instance = Instance.parse(given);
    return {
      ...given,
      baseUrl: settings.apiUrl,
      request: { ...instance.request, fetch: fetchNow },
      retry: { enabled: false },
      throttle: { ...instance.throttle, ...throttle },
      ...(instance.auth && { auth: withoutRequest(instance.auth) }),
    };
  });
}

/**
 * Probot passes its authentication a separate `request` without the base URL and these hooks, which is used when a
 * token is refreshed. If it is removed, Octokit passes its own.
 */
function withoutRequest(auth: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(auth).filter(([name]) => name !== "request"));
}

const globalFetch: typeof fetch = (...call) => fetch(...call);

/**
 * GitHub's API never answers with an HTML page; a proxy, a load balancer or a sign-in page does. Whatever its status,
 * it is not an answer to the call. A 429 is kept, because it asks to slow down.
 */
function withoutPages(fetchNow: typeof fetch): typeof fetch {
  return async (input, init) => {
    const response = await fetchNow(input, init);
    const isPage = /^(?:text\/html|application\/xhtml\+xml)\b/i.test(response.headers.get("content-type") ?? "");
    if (!isPage || response.status === 429) return response;
    await response.body?.cancel();
    throw new NetworkError(
      `an HTML page with status ${response.status} arrived instead of GitHub's response; check the proxies between this machine and GitHub`,
    );
  };
}

function withTimeout(fetchNow: typeof fetch, ms: number): typeof fetch {
  return (input, init) => {
    const limit = AbortSignal.timeout(ms);
    return fetchNow(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, limit]) : limit });
  };
}
