import { z } from "zod";
import { ACTOR, ISSUE, ISSUE_VARIABLES, LABEL, RATE_LIMIT } from "./fragments.js";
import { IssueNode, type IssueVariables } from "./issue.js";
import type { Query } from "./query.js";
import { Costs } from "./scalars.js";

const Result = Costs.extend({
  nodes: z.array(
    IssueNode.extend({
      repository: z.object({ databaseId: z.number().int().nullable(), nameWithOwner: z.string() }),
    }).nullable(),
  ),
});

/** Issues by their node ids, up to a hundred. */
export const GET_ISSUE_DETAILS: Query<IssueVariables & { readonly ids: readonly string[] }, z.infer<typeof Result>> = {
  name: "GET_ISSUE_DETAILS",
  schema: Result,
  text: `query GET_ISSUE_DETAILS($ids: [ID!]!, ${ISSUE_VARIABLES}) {
  ${RATE_LIMIT}
  nodes(ids: $ids) {
    ... on Issue { repository { databaseId nameWithOwner } ...Issue }
  }
}
${ISSUE}
${LABEL}
${ACTOR}`,
};
