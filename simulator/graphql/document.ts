import { GraphQLError, Kind, parse, validate, type DocumentNode, type OperationDefinitionNode } from "graphql";
import { githubSchema } from "./schema.js";

export interface ParsedDocument {
  readonly document: DocumentNode;
  readonly errors: readonly GraphQLError[];
}

const MAX_CACHED = 500;
const cache = new Map<string, ParsedDocument>();

function parsed(query: string): ParsedDocument {
  try {
    const document = parse(query, { noLocation: false });
    return { document, errors: validate(githubSchema(), document) };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { document: { kind: Kind.DOCUMENT, definitions: [] }, errors: [error] };
  }
}

/** Parses and validates a query; each text once. */
export function documentOf(query: string): ParsedDocument {
  const known = cache.get(query);
  if (known !== undefined) return known;
  const made = parsed(query);
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(query, made);
  return made;
}

/** The operation that is asked for. */
export function operationOf(document: DocumentNode, name: string | null): OperationDefinitionNode | null {
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION && (name === null || definition.name?.value === name))
      return definition;
  }
  return null;
}
