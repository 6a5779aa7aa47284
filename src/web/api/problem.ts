import type { Context } from "hono";
import { z } from "@hono/zod-openapi";
import { AppError } from "../../errors.js";
import { redact } from "../../log.js";

/** RFC 9457: an error for programs (`status`) and people (`title`, `detail`). */
export const Problem = z
  .object({
    type: z.literal("about:blank"),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    /** The reference of the cause in the log and in error tracking. */
    reference: z.string().optional(),
  })
  .openapi("Problem");

export type ProblemStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 429 | 500 | 503;

const TITLES: Readonly<Record<ProblemStatus, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** Thrown to answer with a problem. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  constructor(
    readonly status: ProblemStatus,
    readonly detail: string,
  ) {
    super(detail);
  }
}

export function answerProblem(c: Context, status: ProblemStatus, detail: string, reference?: string): Response {
  const problem: z.infer<typeof Problem> = {
    type: "about:blank",
    title: TITLES[status],
    status,
    detail: redact(detail),
    ...(reference === undefined ? {} : { reference }),
  };
  return c.body(`${JSON.stringify(problem)}\n`, status, { "content-type": "application/problem+json; charset=utf-8" });
}

/** The status of an error meant for the client; null for an unexpected one. */
export function statusFor(error: unknown): { readonly status: ProblemStatus; readonly detail: string } | null {
  if (error instanceof ProblemError) return error;
  if (error instanceof z.ZodError) return { status: 400, detail: z.prettifyError(error) };
  if (!(error instanceof AppError)) return null;
  if (error.kind === "invalid") return { status: 400, detail: error.message };
  if (error.kind === "gone") return { status: 404, detail: error.message };
  if (error.kind === "network" || error.kind === "rate-limit") return { status: 503, detail: error.message };
  return null;
}
