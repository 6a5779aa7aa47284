import type { Octokit } from "@octokit/core";
import { z } from "zod";
import { InvalidError, NetworkError } from "../errors.js";
import { kindOfTypes } from "../errors/answer.js";
import type { Parameters } from "./client.js";

/**
 * A query or mutation. Its variables may not be called `url`, `query`, `method`, `headers`, `request`, `baseUrl`,
 * `mediaType` or `operationName`, which Octokit uses itself.
 */
export interface GraphqlDocument {
  /** The operation's name: a bounded label for metrics. */
  readonly name: string;
  readonly text: string;
}

/** A part of the answer that could not be read. */
export interface GraphqlProblem {
  readonly kind: "gone" | "forbidden";
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export interface GraphqlAnswer<T> {
  readonly data: T;
  readonly problems: readonly GraphqlProblem[];
}

const Partial = z.object({
  name: z.literal("GraphqlResponseError"),
  data: z.record(z.string(), z.unknown()),
  errors: z.array(
    z.object({
      type: z.string().catch(""),
      message: z.string().catch(""),
      path: z.array(z.union([z.string(), z.number()])).catch([]),
    }),
  ),
});

export async function runGraphql<T>(
  octokit: Octokit,
  graphqlUrl: string,
  document: GraphqlDocument,
  variables: Parameters,
  schema: z.ZodType<T>,
): Promise<GraphqlAnswer<T>> {
  const call = { ...variables, query: document.text, url: graphqlUrl, request: { route: `QUERY ${document.name}` } };
  try {
    const data: unknown = await octokit.graphql(call);
    if (data === undefined) throw new NetworkError(`The answer to QUERY ${document.name} was cut short`);
    return { data: read(document, schema, data), problems: [] };
  } catch (error) {
    const partial = Partial.safeParse(error).data;
    const problems = partial?.errors.map(problemOf) ?? [];
    if (!partial || !problems.every((problem) => problem !== null)) throw error;
    const data = schema.safeParse(partial.data);
    // The requested object itself does not exist, so the answer is useless.
    if (!data.success) throw error;
    return { data: data.data, problems };
  }
}

function problemOf(error: z.infer<typeof Partial>["errors"][number]): GraphqlProblem | null {
  const kind = kindOfTypes([error.type]);
  return kind === "gone" || kind === "forbidden" ? { kind, path: error.path, message: error.message } : null;
}

function read<T>(document: GraphqlDocument, schema: z.ZodType<T>, data: unknown): T {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  throw new InvalidError(
    `The answer to QUERY ${document.name} has an unexpected shape: ${z.prettifyError(result.error)}`,
  );
}
