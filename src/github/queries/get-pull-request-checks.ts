import { z } from "zod";
import { RATE_LIMIT } from "./fragments.js";
import type { Query } from "./query.js";
import { Costs } from "./scalars.js";

const Checked = z.object({
  id: z.string(),
  fullDatabaseId: z.coerce.number().int(),
  statusCheckRollup: z.object({ state: z.string() }).nullable(),
});

const Result = Costs.extend({ nodes: z.array(Checked.nullable()) });

/** The state of the head's checks of up to a hundred pull requests: one point. */
export const GET_PULL_REQUEST_CHECKS: Query<{ readonly ids: readonly string[] }, z.infer<typeof Result>> = {
  name: "GET_PULL_REQUEST_CHECKS",
  schema: Result,
  text: `query GET_PULL_REQUEST_CHECKS($ids: [ID!]!) {
  ${RATE_LIMIT}
  nodes(ids: $ids) {
    ... on PullRequest { id fullDatabaseId statusCheckRollup { state } }
  }
}`,
};
