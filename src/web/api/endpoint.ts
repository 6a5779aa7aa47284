import { type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Scope } from "../../store/scope.js";
import { scopeOf, type Viewer } from "../viewer.js";
import type { ApiContext, ApiEnv } from "./access.js";
import { Problem, ProblemError } from "./problem.js";

/** The parsed input of an endpoint. */
export interface Asked<Query, Params, Body> {
  readonly query: Query;
  readonly params: Params;
  readonly body: Body;
  readonly viewer: Viewer;
  readonly scope: Scope;
}

/** Accepts no query, no parameters or no body. */
export const NONE = z.strictObject({});

/** One method of one path. Its description and its handler use the same schemas. */
export interface Endpoint<Q extends z.ZodObject, P extends z.ZodObject, B extends z.ZodObject, R extends z.ZodType> {
  readonly method: "get" | "post" | "delete";
  /** Below `/api/integrations/github`, with `{name}` for a variable part. */
  readonly path: string;
  readonly summary: string;
  readonly query: Q;
  readonly params: P;
  readonly body: B;
  readonly answer: R;
  readonly status?: 200 | 201 | 202;
  /** Further statuses of this endpoint that are not the client's mistake. */
  readonly also?: Readonly<Record<number, string>>;
  handle(asked: Asked<z.output<Q>, z.output<P>, z.output<B>>, c: ApiContext): Promise<z.input<R> | Response>;
}

/** The API under construction. */
export interface Api {
  readonly app: OpenAPIHono<ApiEnv>;
  /** The methods of each path, for the 405 answer. */
  readonly methods: Map<string, readonly string[]>;
}

export const BASE = "/api/integrations/github";
const PROBLEMS = {
  400: "The request is not valid",
  401: "Not signed in",
  403: "Not allowed",
  404: "Not found, or not visible to you",
};

/** Adds an endpoint to the API and to its description. */
export function endpoint<R extends z.ZodType, Q extends z.ZodObject, P extends z.ZodObject, B extends z.ZodObject>(
  api: Api,
  spec: Endpoint<Q, P, B, R>,
): void {
  const { app, methods } = api;
  const { method, status = 200 } = spec;
  const path = `${BASE}${spec.path}`;
  const json = { "application/json": { schema: spec.answer } };
  const problems = Object.entries({ ...PROBLEMS, ...spec.also }).map(([code, description]) => {
    return [code, { description, content: { "application/problem+json": { schema: Problem } } }] as const;
  });
  app.openAPIRegistry.registerPath({
    method,
    path,
    summary: spec.summary,
    request: {
      query: spec.query,
      params: spec.params,
      ...(method === "post" && { body: { required: true, content: { "application/json": { schema: spec.body } } } }),
    },
    responses: { ...Object.fromEntries(problems), [status]: { description: spec.summary, content: json } },
  });
  const pattern = path.replaceAll(/\{(\w+)\}/g, ":$1");
  methods.set(pattern, [...(methods.get(pattern) ?? []), method.toUpperCase()]);
  app.on(method.toUpperCase(), pattern, async (c) => {
    const viewer = c.get("viewer");
    const query = spec.query.parse(c.req.query());
    const params = spec.params.parse(c.req.param());
    const body = spec.body.parse(method === "post" ? await jsonOf(c) : {});
    const result = await spec.handle({ query, params, body, viewer, scope: scopeOf(viewer) }, c);
    if (result instanceof Response) return result;
    // Only described fields are sent.
    return c.json(z.json().parse(spec.answer.parse(result)), status);
  });
}

async function jsonOf(c: ApiContext): Promise<unknown> {
  if (!/^application\/json\b/i.test(c.req.header("content-type") ?? ""))
    throw new ProblemError(415, "The body must be JSON, with content-type: application/json.");
  const text = await c.req.text();
  if (text.trim() === "") return {};
  try {
    return z.json().parse(JSON.parse(text));
  } catch {
    throw new ProblemError(400, "The body is not valid JSON.");
  }
}
