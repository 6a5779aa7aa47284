import { kindOf } from "../errors.js";
import type { GitHubClient } from "../github/client.js";
import { GET_ORG_REPOSITORIES } from "../github/queries/get-org-repositories.js";
import { ask } from "../github/queries/query.js";

/**
 * Whether GitHub responds at all, checked with a minimal request to both APIs. A 502 can mean a page that is too large
 * or an outage; any other answer counts as a response.
 * @throws RateLimitError when the rate limit is used up.
 */
export async function isAnswering(client: GitHubClient, account: string): Promise<boolean> {
  try {
    await client.rest("GET /installation/repositories", { per_page: 1 });
    await ask(client, GET_ORG_REPOSITORIES, { login: account, pageSize: 1, cursor: null });
    return true;
  } catch (error) {
    const kind = kindOf(error);
    if (kind === "rate-limit") throw error;
    return kind !== "network";
  }
}
