import { AsyncResource } from "node:async_hooks";
import type { Octokit } from "@octokit/core";
import { z } from "zod";
import { rateLimitOf, type RateLimitState } from "../limits.js";

/** One answer of GitHub, or its absence, for metrics and the budget. */
export interface GitHubCall {
  /** Null for calls of the App itself. */
  readonly installationId: bigint | null;
  /** Method and template: a bounded label. */
  readonly route: string;
  /** Null when no answer came. */
  readonly status: number | null;
  readonly rateLimit: RateLimitState | null;
  readonly durationMs: number;
}
export type CallObserver = (call: GitHubCall) => void;

const Hints = z.object({ route: z.string() });

/** Reports each HTTP exchange, including retries and token requests, without the time spent waiting for a turn. */
export function observe(
  octokit: Octokit,
  installationId: bigint | null,
  fetchNow: typeof fetch,
  onResponse: CallObserver,
): void {
  octokit.hook.before("request", (options) => {
    const route = Hints.safeParse(options.request).data?.route ?? `${options.method} ${templateOf(options.url)}`;
    // The throttling plugin runs a delayed call in the asynchronous context of the preceding one.
    options.request.fetch = AsyncResource.bind(async (...[url, init]: Parameters<typeof fetch>): Promise<Response> => {
      const start = performance.now();
      const report = (response: Response | null): void =>
        onResponse({
          installationId,
          route,
          status: response?.status ?? null,
          rateLimit: response && rateLimitOf(Object.fromEntries(response.headers)),
          durationMs: performance.now() - start,
        });
      try {
        const response = await fetchNow(url, init);
        report(response);
        return response;
      } catch (error) {
        report(null);
        throw error;
      }
    });
  });
}

/** Expanded URLs would create a label for every repository. */
function templateOf(url: string): string {
  return /^https?:/.test(url) ? "(expanded)" : url;
}
