import { z } from "zod";
import { Actor } from "./actor.js";
import { ACTOR, PAGE_INFO, RATE_LIMIT } from "./fragments.js";
import type { Query } from "./query.js";
import { connection, Costs, instant, text } from "./scalars.js";

/** GraphQL has no numeric id for a status; the row needs it from elsewhere. */
export const StatusNode = z.object({
  id: z.string(),
  state: z.string(),
  description: text.nullable(),
  environment: z.string().nullable(),
  environmentUrl: text.nullable(),
  logUrl: text.nullable(),
  creator: Actor.nullable(),
  createdAt: instant,
  updatedAt: instant,
});
export type StatusNode = z.infer<typeof StatusNode>;

export const DeploymentNode = z.object({
  id: z.string(),
  databaseId: z.number().int(),
  updatedAt: instant,
  statuses: connection(StatusNode).nullable(),
});
export type DeploymentNode = z.infer<typeof DeploymentNode>;

const Result = Costs.extend({ nodes: z.array(DeploymentNode.nullable()) });

type PageVariables = { readonly ids: readonly string[]; readonly pageSize: number; readonly cursor: string | null };

/** The statuses of up to a hundred deployments, newest first. REST would need one request for each deployment. */
export const GET_DEPLOYMENTS: Query<PageVariables, z.infer<typeof Result>> = {
  name: "GET_DEPLOYMENTS",
  schema: Result,
  text: `query GET_DEPLOYMENTS($ids: [ID!]!, $pageSize: Int!, $cursor: String) {
  ${RATE_LIMIT}
  nodes(ids: $ids) {
    ... on Deployment {
      id
      databaseId
      updatedAt
      statuses(first: $pageSize, after: $cursor) {
        ${PAGE_INFO}
        nodes {
          id
          state
          description
          environment
          environmentUrl
          logUrl
          creator { ...Actor }
          createdAt
          updatedAt
        }
      }
    }
  }
}
${ACTOR}`,
};
