import { z } from "zod";
import { ACTOR, LABEL, PULL_REQUEST, PULL_REQUEST_VARIABLES, RATE_LIMIT, REVIEW } from "./fragments.js";
import { PullRequestNode, type PullRequestVariables } from "./pull-request.js";
import type { Query } from "./query.js";
import { Costs } from "./scalars.js";

const Result = Costs.extend({
  nodes: z.array(
    PullRequestNode.extend({
      repository: z.object({ databaseId: z.number().int().nullable(), nameWithOwner: z.string() }),
    }).nullable(),
  ),
});

/** Up to a hundred pull requests by node id, from any repository of the organisation. */
export const GET_PULL_REQUEST_DETAILS: Query<
  PullRequestVariables & { readonly ids: readonly string[] },
  z.infer<typeof Result>
> = {
  name: "GET_PULL_REQUEST_DETAILS",
  schema: Result,
  text: `query GET_PULL_REQUEST_DETAILS($ids: [ID!]!, ${PULL_REQUEST_VARIABLES}) {
  ${RATE_LIMIT}
  nodes(ids: $ids) {
    ... on PullRequest { repository { databaseId nameWithOwner } ...PullRequest }
  }
}
${PULL_REQUEST}
${REVIEW}
${LABEL}
${ACTOR}`,
};
