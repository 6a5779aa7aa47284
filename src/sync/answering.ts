import { kindOf } from "../errors.js";
import type { GitHubClient } from "../github/client.js";
import { GET_ORG_REPOSITORIES } from "../github/queries/get-org-repositories.js";
import { ask } from "../github/queries/query.js";

/**
 * Whether GitHub answers at all: both APIs are asked for next to nothing. 502 is an answer to a page that is too large as
 * well as to everything in an outage. Any answer but that counts.
 * @throws RateLimitError when the quota is used up.
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
