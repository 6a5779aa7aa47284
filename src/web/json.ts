import type { IncomingMessage, ServerResponse } from "node:http";
import { InvalidError } from "../errors.js";
import { parseJson } from "../unchecked.js";

const MOST_BYTES = 64 * 1024;

export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
  response.end(`${JSON.stringify(body)}\n`);
}

/**
 * The JSON of a request's body; an empty one is `{}`.
 * @throws InvalidError when it is no JSON, or larger than 64 KiB.
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new InvalidError("the body is larger than 64 KiB");
    chunks.push(chunk);
  }
  try {
    return bytes === 0 ? {} : parseJson(Buffer.concat(chunks).toString());
  } catch {
    throw new InvalidError("the body is no JSON");
  }
}
