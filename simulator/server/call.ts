import type { IncomingHttpHeaders } from "node:http";
import type { z } from "zod";
import { parseJson } from "../../src/unchecked.js";
import type { Caller } from "../auth/caller.js";
import type { Simulation } from "../simulation.js";
import { failure, type Answer } from "./answer.js";

/** A request that was read whole, with who makes it. */
export interface Call {
  readonly simulation: Simulation;
  readonly method: string;
  readonly path: string;
  readonly params: { readonly [name: string]: string };
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly caller: Caller;
  /** What this server is called by; the beginning of links. */
  readonly origin: string;
}

/** Thrown to answer at once. */
export class Answered extends Error {
  override readonly name = "Answered";
  readonly answer: Answer;
  constructor(answer: Answer) {
    super(`answered with ${answer.status}`);
    this.answer = answer;
  }
}

function jsonOf(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return parseJson(body.toString("utf8"));
  } catch {
    throw new Answered(failure(400, "Problems parsing JSON"));
  }
}

/** The request's body by its schema; else 422. */
export function bodyOf<T>(call: Call, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(jsonOf(call.body));
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({
    field: issue.path.join("."),
    code: "invalid",
    message: issue.message,
  }));
  throw new Answered(failure(422, "Validation Failed", { errors }));
}

/** The parameter of the route's pattern. */
export function param(call: Call, name: string): string {
  return call.params[name] ?? "";
}

/** The parameter as a number; not one is a 404. */
export function numberParam(call: Call, name: string): number {
  const value = Number(param(call, name));
  if (!Number.isSafeInteger(value)) throw new Answered(failure(404, "Not Found"));
  return value;
}
