import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  parse,
  type SelectionSetNode,
  type ValueNode,
} from "graphql";
import type { GraphqlDocument } from "../graphql.js";
import type { Variables } from "./query.js";

/** The cost of a query, computed in advance. */
export interface QueryCost {
  /** Counted against the hourly limit. */
  readonly points: number;
  /** Requests that GitHub counts for the connections, before the division by a hundred. */
  readonly requests: number;
  /** The most nodes in the answer. They make a query slow, and are limited to 500,000. */
  readonly nodes: number;
}

/**
 * The points of a query: one request for every page of every connection, all assumed full, divided by a hundred and
 * rounded, at least one. A connection that is only counted (`totalCount`) has no page and is free. Source: GitHub's
 * 'Rate limits and query limits for the GraphQL API', 'Calculating points for the query'.
 */
export function pointsOf(document: GraphqlDocument, variables: Variables): number {
  return costOf(document, variables).points;
}

/** The points of a query, with their components. */
export function costOf(document: GraphqlDocument, variables: Variables): QueryCost {
  const tree = parsed(document);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of tree.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  let requests = 0;
  let nodes = 0;

  const walk = (set: SelectionSetNode | undefined, parents: number): void => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) walk(fragments.get(selection.name.value)?.selectionSet, parents);
      else if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet, parents);
      else walk(selection.selectionSet, enter(selection, parents));
    }
  };
  const enter = (field: FieldNode, parents: number): number => {
    const size = pageSizeOf(field, variables);
    if (size === null) return parents * listedIds(field, variables);
    requests += parents;
    nodes += parents * size;
    return parents * size;
  };

  for (const definition of tree.definitions)
    if (definition.kind === Kind.OPERATION_DEFINITION) walk(definition.selectionSet, 1);
  return { points: Math.max(1, Math.round(requests / 100)), requests, nodes };
}

const trees = new WeakMap<GraphqlDocument, DocumentNode>();

function parsed(document: GraphqlDocument): DocumentNode {
  const known = trees.get(document);
  if (known) return known;
  const tree = parse(document.text, { noLocation: true });
  trees.set(document, tree);
  return tree;
}

/** `first` or `last` of a connection; null for a field that is not a connection. */
function pageSizeOf(field: FieldNode, variables: Variables): number | null {
  const size = argumentOf(field, variables, "first") ?? argumentOf(field, variables, "last");
  return typeof size === "number" ? size : null;
}

/** `nodes(ids:)` reads each of its ids; it is a lookup and not a connection. */
function listedIds(field: FieldNode, variables: Variables): number {
  const ids = field.name.value === "nodes" ? argumentOf(field, variables, "ids") : undefined;
  return Array.isArray(ids) ? ids.length : 1;
}

function argumentOf(field: FieldNode, variables: Variables, name: string): unknown {
  const value = field.arguments?.find((argument) => argument.name.value === name)?.value;
  return value && valueOf(value, variables);
}

function valueOf(value: ValueNode, variables: Variables): unknown {
  if (value.kind === Kind.VARIABLE) return variables[value.name.value];
  if (value.kind === Kind.INT) return Number(value.value);
  return value.kind === Kind.LIST ? value.values.map((each) => valueOf(each, variables)) : undefined;
}
