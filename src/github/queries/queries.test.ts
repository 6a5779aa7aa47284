import { schema as published } from "@octokit/graphql-schema";
import {
  buildClientSchema,
  type DocumentNode,
  type FieldNode,
  getNamedType,
  getNullableType,
  type GraphQLResolveInfo,
  graphqlSync,
  isEnumType,
  isListType,
  isScalarType,
  type IntrospectionQuery,
  Kind,
  parse,
  print,
  type SelectionSetNode,
  validate,
  visit,
} from "graphql";
import { describe, expect, it } from "vitest";
import { trusted } from "../../../simulator/control/trusted.js";
import { REVIEW_CONTEXT } from "../review/context-query.js";
import { COUNT_COMMENTS } from "./count-comments.js";
import { GET_PULL_REQUEST_CHECKS } from "./get-pull-request-checks.js";
import { costOf } from "./points.js";
import { ORIGINAL_QUERIES, QUERIES } from "./queries.js";

/** The package's own type of it is a bag of anything. */
const introspection: { readonly [key: string]: unknown } = published.json;
const schema = buildClientSchema(trusted<IntrospectionQuery>(introspection), { assumeValid: true });

const SCALARS: Readonly<Record<string, unknown>> = {
  Int: 1,
  Float: 1.5,
  Boolean: true,
  BigInt: "4000000000",
  DateTime: "2026-01-02T03:04:05Z",
  GitTimestamp: "2026-01-02T03:04:05+02:00",
};

/** They ask for things by name, and for no list. */
const WITHOUT_PAGES: ReadonlySet<object> = new Set([COUNT_COMMENTS, GET_PULL_REQUEST_CHECKS, REVIEW_CONTEXT]);

/** Executes a document on values made up by type. `pick` chooses among the types that an interface may be. */
function answerTo(document: DocumentNode, pick: number): unknown {
  const variableValues = {
    ids: ["A"],
    repositoryId: "R",
    login: "acme",
    search: "x",
    pageSize: 1,
    nested: 1,
    parents: 1,
    reviews: 1,
    recent: 1,
    owner: "acme",
    name: "app",
    number: 1,
    base: "main:.github/CODEOWNERS",
    rootBase: "main:CODEOWNERS",
    docsBase: "main:docs/CODEOWNERS",
  };
  const result = graphqlSync({
    schema,
    source: print(document),
    variableValues,
    fieldResolver: (_source, _args, _context, info) => valueOf(info),
    typeResolver: (_value, _context, info, type) => {
      const possible = schema.getPossibleTypes(type).map(({ name }) => name);
      const named = conditionsOf(
        document,
        info.fieldNodes.map((node) => node.selectionSet),
      ).filter((name) => possible.includes(name));
      return named[pick % Math.max(1, named.length)] ?? possible[0];
    },
  });
  expect(result.errors).toBeUndefined();
  return JSON.parse(JSON.stringify(result.data));
}

function valueOf(info: GraphQLResolveInfo): unknown {
  const nullable = getNullableType(info.returnType);
  const list = isListType(nullable);
  const type = getNamedType(nullable);
  const one = isScalarType(type) ? (SCALARS[type.name] ?? "text") : isEnumType(type) ? type.getValues()[0]?.name : {};
  return list ? [one] : one;
}

/** Every type that the selections of a field ask something of. */
function conditionsOf(document: DocumentNode, sets: readonly (SelectionSetNode | undefined)[]): string[] {
  return sets.flatMap((set) =>
    (set?.selections ?? []).flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [];
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection
          : document.definitions.find(
              (each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === selection.name.value,
            );
      if (!fragment || !("typeCondition" in fragment) || !fragment.typeCondition) return [];
      return [fragment.typeCondition.name.value, ...conditionsOf(document, [fragment.selectionSet])];
    }),
  );
}

/** The document without its n-th field. */
function without(document: DocumentNode, index: number): DocumentNode {
  let seen = -1;
  return visit(document, {
    Field: () => {
      seen += 1;
      return seen === index ? null : undefined;
    },
  });
}

function fieldsOf(document: DocumentNode): FieldNode[] {
  const fields: FieldNode[] = [];
  visit(document, { Field: (node) => void fields.push(node) });
  return fields;
}

const PICKS = [0, 1, 2, 3, 4];

describe("the queries", () => {
  it("are the original's eight, and a few of this app", () => {
    expect(ORIGINAL_QUERIES.map(({ name }) => name).sort()).toEqual([
      "GET_COMMIT_DETAILS",
      "GET_DEPLOYMENTS",
      "GET_ORG_REPOSITORIES",
      "GET_PULL_REQUEST_DETAILS",
      "GET_REPOSITORY_ISSUES",
      "GET_REPOSITORY_WITH_PRS",
      "GET_VIEWER_INFO",
      "SEARCH_PULL_REQUESTS",
    ]);
    expect(new Set(QUERIES.map(({ name }) => name)).size).toBe(QUERIES.length);
  });
});

describe.each(QUERIES.map((query) => [query.name, query] as const))("%s", (name, query) => {
  const document = parse(query.text);

  it("is valid against GitHub's published schema", () => {
    expect(validate(schema, document)).toEqual([]);
    expect(query.text).toContain(`query ${name}(`);
  });

  it("declares its cost and its position, and takes its page size from a variable", () => {
    const fields = fieldsOf(document).map(({ name }) => name.value);
    expect(fields).toContain("rateLimit");
    expect(fields).toContain("id");
    if (WITHOUT_PAGES.has(query)) return;
    expect(fields).toContain("pageInfo");
    expect(query.text).toMatch(/[dD]atabaseId/);
    const sizes = fieldsOf(document).flatMap(
      (field) => field.arguments?.filter((each) => each.name.value === "first") ?? [],
    );
    expect(sizes.length).toBeGreaterThan(0);
    for (const size of sizes) expect(size.value.kind).toBe(Kind.VARIABLE);
  });

  it("asks for every field that is read, and reads every field that it asks for", { timeout: 30_000 }, () => {
    for (const pick of PICKS) expect(query.schema.safeParse(answerTo(document, pick)).error).toBeUndefined();
    const unread = fieldsOf(document).flatMap((field, index) => {
      const less = without(document, index);
      if (validate(schema, less).length > 0 || emptied(less)) return [];
      // An optional field that is missing reads as null: the answer is accepted, and reads differently.
      const missed = PICKS.some((pick) => {
        const read = query.schema.safeParse(answerTo(less, pick));
        return (
          !read.success || JSON.stringify(read.data) !== JSON.stringify(query.schema.parse(answerTo(document, pick)))
        );
      });
      return missed ? [] : [`${field.name.value} (field ${index})`];
    });
    expect(unread).toEqual([]);
  });

  it("asks for fewer than 500,000 nodes at the largest page", () => {
    const variables = {
      ids: Array.from({ length: 100 }, () => "A"),
      pageSize: 100,
      nested: 10,
      reviews: 20,
      recent: 25,
    };
    expect(costOf(query, variables).nodes).toBeLessThan(500_000);
  });
});

function emptied(document: DocumentNode): boolean {
  let empty = false;
  visit(document, { SelectionSet: (node) => void (empty ||= node.selections.length === 0) });
  return empty;
}
