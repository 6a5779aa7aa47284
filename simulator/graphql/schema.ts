import { schema as published } from "@octokit/graphql-schema";
import { buildClientSchema, type GraphQLSchema, type IntrospectionQuery } from "graphql";
import { trusted } from "../control/trusted.js";

let built: GraphQLSchema | undefined;

/** GitHub's published schema. It is built once (some 60 ms). `assumeValid`: the published one is not valid in all points. */
export function githubSchema(): GraphQLSchema {
  const json = trusted<{ readonly data?: IntrospectionQuery } & IntrospectionQuery>(published.json);
  built ??= buildClientSchema(json.data ?? json, { assumeValid: true });
  return built;
}
