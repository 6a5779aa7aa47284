import type { Octokit } from "@octokit/core";
import { answerOf } from "../../errors/answer.js";
import { isTokenFailure } from "../token-route.js";

const APP_ROUTE = /(?:^|\/)app(?:\/|$)/;

/**
 * A token that was cached can have been revoked, or have expired by GitHub's clock: one 401 buys one fresh token and
 * one more try. Concurrent requests share the refresh. A fresh token that is not known everywhere yet is retried by
 * `@octokit/auth-app` itself, within five seconds.
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
