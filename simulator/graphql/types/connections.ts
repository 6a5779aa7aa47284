import { Connection, Edge } from "../connection.js";
import { define, ofClass } from "../define.js";

/** Serves every type of the schema whose name ends in Connection. */
export const connection = define(ofClass(Connection), {
  nodes: (source) => source.edges.map((edge) => edge.node),
  edges: (source) => source.edges,
  totalCount: (source) => source.totalCount,
  pageInfo: (source) => source,
  issueCount: (source) => source.totalCount,
  repositoryCount: (source) => source.totalCount,
});

export const edge = define(ofClass(Edge), { node: (source) => source.node, cursor: (source) => source.cursor });

export const pageInfo = define(ofClass(Connection), {
  hasNextPage: (source) => source.hasNextPage,
  hasPreviousPage: (source) => source.hasPreviousPage,
  startCursor: (source) => source.edges[0]?.cursor ?? null,
  endCursor: (source) => source.edges.at(-1)?.cursor ?? null,
});
