import { z } from "zod";
import { RATE_LIMIT } from "./fragments.js";
import type { Query } from "./query.js";
import { Costs, Count } from "./scalars.js";

const Counted = z.object({ id: z.string(), number: z.number().int(), comments: Count });

const Result = Costs.extend({ nodes: z.array(Counted.nullable()) });

/** The numbers of comments of up to a hundred conversations: one point. */
export const COUNT_COMMENTS: Query<{ readonly ids: readonly string[] }, z.infer<typeof Result>> = {
  name: "COUNT_COMMENTS",
  schema: Result,
  text: `query COUNT_COMMENTS($ids: [ID!]!) {
  ${RATE_LIMIT}
  nodes(ids: $ids) {
    ... on PullRequest { id number comments { totalCount } }
    ... on Issue { id number comments { totalCount } }
  }
}`,
};
