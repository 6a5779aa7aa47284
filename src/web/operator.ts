import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { pathOf } from "../http/request-path.js";
import type { RequestHandler } from "../http/server.js";
import { GoneError, InvalidError } from "../errors.js";
import type { Log } from "../log.js";
import type { ErrorTracker } from "../telemetry/error-tracker.js";
import { carriesToken } from "./admin-token.js";
import { answerJson } from "./json.js";
import { answerUnexpected } from "./unexpected.js";

export interface OperatorOptions {
  readonly log: Log;
  readonly errors: ErrorTracker;
  /** ADMIN_TOKEN; without one every request is refused. */
  readonly adminToken: string | undefined;
}

/** What a path answers, by method. What is thrown becomes the status: 400 for what the sender can mend, 404 for what there is not, else 500. */
export type OperatorMethods = Readonly<
  Partial<
    Record<"GET" | "POST", (url: URL, request: IncomingMessage) => Promise<readonly [status: number, body: unknown]>>
  >
>;

/** A JSON path that only the operator may ask: `Authorization: Bearer <ADMIN_TOKEN>`. */
export function operatorPath(options: OperatorOptions, path: string, methods: OperatorMethods): RequestHandler {
  return (request, response) => {
    if (pathOf(request) !== path) return false;
    void answer(options, methods, request, response, new URL(request.url ?? path, "http://localhost"));
    return true;
  };
}

async function answer(
  { adminToken, log, errors }: OperatorOptions,
  methods: OperatorMethods,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  try {
    const method = request.method === "GET" || request.method === "POST" ? methods[request.method] : undefined;
    if (!adminToken) answerJson(response, 403, { error: "no ADMIN_TOKEN is set; set it to use this API" });
    else if (!carriesToken(request, adminToken)) {
      response.setHeader("www-authenticate", "Bearer");
      answerJson(response, 401, { error: "the Authorization header must be 'Bearer <ADMIN_TOKEN>'" });
    } else if (method) answerJson(response, ...(await method(url, request)));
    else {
      const allowed = Object.keys(methods);
      response.setHeader("allow", allowed.join(", "));
      answerJson(response, 405, { error: `only ${allowed.join(" and ")}` });
    }
  } catch (error) {
    if (error instanceof z.ZodError) answerJson(response, 400, { error: z.prettifyError(error) });
    else if (error instanceof InvalidError) answerJson(response, 400, { error: error.message });
    else if (error instanceof GoneError) answerJson(response, 404, { error: error.message });
    else answerUnexpected({ log, errors }, response, error, url.pathname);
  }
}
