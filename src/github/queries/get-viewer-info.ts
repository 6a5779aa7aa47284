import { z } from "zod";
import { PAGE_INFO, RATE_LIMIT } from "./fragments.js";
import type { Query } from "./query.js";
import { connection, Costs, text } from "./scalars.js";

const Result = Costs.extend({
  viewer: z.object({
    id: z.string(),
    databaseId: z.number().int().nullable(),
    login: z.string(),
    name: text.nullable(),
    avatarUrl: z.string(),
    organizations: connection(z.object({ id: z.string(), databaseId: z.number().int().nullable(), login: z.string() })),
  }),
});

type PageVariables = { readonly pageSize: number; readonly cursor: string | null };

/** The owner of a user's token. Installations have no viewer of this kind. */
export const GET_VIEWER_INFO: Query<PageVariables, z.infer<typeof Result>> = {
  name: "GET_VIEWER_INFO",
  schema: Result,
  text: `query GET_VIEWER_INFO($pageSize: Int!, $cursor: String) {
  ${RATE_LIMIT}
  viewer {
    id
    databaseId
    login
    name
    avatarUrl
    organizations(first: $pageSize, after: $cursor) {
      ${PAGE_INFO}
      nodes { id databaseId login }
    }
  }
}`,
};
