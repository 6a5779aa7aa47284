import type { GitHubClient } from "../client.js";

export interface Counted {
  readonly client: GitHubClient;
  /** Requests so far. */
  count(): number;
}

/** Counts the requests made through it, for the row of a run. */
export function counting(client: GitHubClient): Counted {
  let requests = 0;
  return {
    client: {
      rest(route, parameters) {
        requests += 1;
        return client.rest(route, parameters);
      },
      async *pages(route, parameters) {
        for await (const page of client.pages(route, parameters)) {
          requests += 1;
          yield page;
        }
      },
      query(document, variables, schema) {
        requests += 1;
        return client.query(document, variables, schema);
      },
    },
    count: () => requests,
  };
}
