import type { Octokit } from "@octokit/core";
import { answerOf } from "../../errors/answer.js";
import { isTokenFailure } from "../token-route.js";

const APP_ROUTE = /(?:^|\/)app(?:\/|$)/;

/**
 * A cached token may have been revoked, or may have expired by GitHub's clock: one 401 triggers one new token and one
 * retry. Concurrent requests share the new token. `@octokit/auth-app` itself retries a new token that GitHub does not
 * know everywhere yet, for up to five seconds.
 */
export function refreshToken(octokit: Octokit): void {
  octokit.hook.wrap("request", async (request, options) => {
    try {
      return await request(options);
    } catch (error) {
      const refused = answerOf(error)?.status === 401 && !APP_ROUTE.test(options.url) && !isTokenFailure(error);
      if (!refused) throw error;
      await octokit.auth({ type: "installation", refresh: true });
      return request(options);
    }
  });
}
