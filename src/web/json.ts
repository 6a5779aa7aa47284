import type { IncomingMessage, ServerResponse } from "node:http";
import { InvalidError } from "../errors.js";
import { bodyOf } from "../http/admission.js";
import { parseJson } from "../unchecked.js";

export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
  response.end(`${JSON.stringify(body)}\n`);
}

/**
 * The JSON of a request's body; an empty body is `{}`.
 * @throws InvalidError when it is not JSON.
 */
export function readJson(request: IncomingMessage): unknown {
  const body = bodyOf(request);
  try {
    return body.length === 0 ? {} : parseJson(body.toString());
  } catch {
    throw new InvalidError("the body is not JSON");
  }
}
