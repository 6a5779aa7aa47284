import type { z } from "zod";
import type { GitHubClient } from "../client.js";
import type { GraphqlAnswer, GraphqlDocument } from "../graphql.js";

/** A GraphQL document with the types of its variables and of its answer. */
export interface Query<V extends Variables, R> extends GraphqlDocument {
  readonly schema: z.ZodType<R>;
  /** Only carries the type of the variables. */
  readonly variables?: V;
}

export type Variable = string | number | boolean | null | readonly string[];
export interface Variables {
  readonly [name: string]: Variable;
}

/** Sends the query with the variables that the document declares. */
export function ask<V extends Variables, R>(
  client: GitHubClient,
  query: Query<V, R>,
  variables: V,
): Promise<GraphqlAnswer<R>> {
  return client.query(query, variables, query.schema);
}
