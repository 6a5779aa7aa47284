import {
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from "graphql";

export interface Cost {
  /** Points against the hourly quota. */
  readonly points: number;
  /** Nodes that the query can return at most. */
  readonly nodes: number;
  /** Requests that GitHub would need: one for each page of each connection. */
  readonly requests: number;
  /** What GitHub refuses before it runs anything. */
  readonly refused: { readonly type: string; readonly message: string } | null;
}

export const MAX_NODES = 500_000;
const MAX_PAGE = 100;

type Variables = { readonly [name: string]: unknown };

interface Walk {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly variables: Variables;
  requests: number;
  nodes: number;
  refused: Cost["refused"];
}

function valueOf(node: ValueNode, variables: Variables): unknown {
  if (node.kind === Kind.VARIABLE) return variables[node.name.value];
  if (node.kind === Kind.INT) return Number(node.value);
  if (node.kind === Kind.BOOLEAN) return node.value;
  if (node.kind === Kind.LIST) return node.values;
  return undefined;
}

function argument(field: FieldNode, name: string, variables: Variables): unknown {
  const node = field.arguments?.find((each) => each.name.value === name);
  return node === undefined ? undefined : valueOf(node.value, variables);
}

function included(node: { readonly directives?: FieldNode["directives"] }, variables: Variables): boolean {
  return (node.directives ?? []).every((directive) => {
    const condition = directive.arguments?.[0];
    const value = condition === undefined ? undefined : valueOf(condition.value, variables);
    return directive.name.value === "skip"
      ? value !== true
      : directive.name.value === "include"
        ? value !== false
        : true;
  });
}

function refuse(walk: Walk, type: string, message: string): void {
  walk.refused ??= { type, message };
}

/** The size of a connection's page. */
function pageSize(walk: Walk, field: FieldNode, type: string): number {
  const size = argument(field, "first", walk.variables) ?? argument(field, "last", walk.variables);
  const name = field.name.value;
  if (typeof size !== "number") {
    refuse(
      walk,
      "MISSING_PAGINATION_BOUNDARIES",
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
    );
    return 1;
  }
  if (size < 0 || size > MAX_PAGE) {
    refuse(
      walk,
      "EXCESSIVE_PAGINATION",
      `Requesting ${size} records on the \`${name}\` connection exceeds the \`first\` limit of ${MAX_PAGE} records. (${type})`,
    );
  }
  return Math.max(1, size);
}

/**
 * A connection of which only `totalCount` is asked needs no size, and has no page that would cost. One with a size is
 * counted by it whatever is selected: points follow the `first` and `last` arguments. The same rule is in
 * src/github/queries/points.ts; Sourcegraph's estimator (merge request 11402) has it too, and was tried against GitHub.
 */
function onlyCounts(walk: Walk, field: FieldNode): boolean {
  const sized = field.arguments?.some(({ name }) => name.value === "first" || name.value === "last") ?? false;
  if (sized) return false;
  return (field.selectionSet?.selections ?? []).every(
    (each) => !included(each, walk.variables) || (each.kind === Kind.FIELD && each.name.value === "totalCount"),
  );
}

function walkField(walk: Walk, field: FieldNode, parent: GraphQLNamedType, parents: number): void {
  if (field.selectionSet === undefined) return;
  const fields = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields() : {};
  const definition = fields[field.name.value];
  if (definition === undefined) return;
  const type = getNamedType(definition.type);
  let inside = parents;
  if (type.name.endsWith("Connection") && !onlyCounts(walk, field)) {
    const size = pageSize(walk, field, type.name);
    walk.requests += parents;
    walk.nodes += parents * size;
    inside = parents * size;
  } else if (field.name.value === "nodes" && parent.name === "Query") {
    const ids = argument(field, "ids", walk.variables);
    inside = Array.isArray(ids) ? Math.max(1, ids.length) : 1;
    walk.nodes += inside;
  }
  walkSet(walk, field.selectionSet, type, inside);
}

function walkSet(walk: Walk, set: SelectionSetNode, parent: GraphQLNamedType, parents: number): void {
  for (const selection of set.selections) {
    if (!included(selection, walk.variables)) continue;
    if (selection.kind === Kind.FIELD) {
      walkField(walk, selection, parent, parents);
      continue;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection
        : walk.document.definitions.find(
            (each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === selection.name.value,
          );
    if (fragment?.kind !== Kind.INLINE_FRAGMENT && fragment?.kind !== Kind.FRAGMENT_DEFINITION) continue;
    const condition = fragment.typeCondition?.name.value;
    const type = condition === undefined ? parent : walk.schema.getType(condition);
    walkSet(walk, fragment.selectionSet, isCompositeType(type) ? type : parent, parents);
  }
}

/**
 * What a query costs: the requests for its connections (a connection inside a page of n counts n times) divided by
 * 100, rounded, at least one point; and its nodes, of which GitHub takes at most 500,000.
 * Source: GitHub's "Rate limits and query limits for the GraphQL API", as in GITHUB.md.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): Cost {
  const defaults = Object.fromEntries(
    (operation.variableDefinitions ?? []).flatMap((each) =>
      each.defaultValue === undefined ? [] : [[each.variable.name.value, valueOf(each.defaultValue, {})]],
    ),
  );
  const walk: Walk = {
    schema,
    document,
    variables: { ...defaults, ...variables },
    requests: 0,
    nodes: 0,
    refused: null,
  };
  const root = schema.getRootType(operation.operation);
  if (root !== undefined && root !== null) walkSet(walk, operation.selectionSet, root, 1);
  if (walk.nodes > MAX_NODES) {
    refuse(
      walk,
      "MAX_NODE_LIMIT_EXCEEDED",
      `This query requests up to ${walk.nodes} possible nodes which exceeds the maximum limit of ${MAX_NODES}.`,
    );
  }
  return {
    points: Math.max(1, Math.round(walk.requests / 100)),
    nodes: walk.nodes,
    requests: walk.requests,
    refused: walk.refused,
  };
}
