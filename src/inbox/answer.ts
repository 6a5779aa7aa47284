import type { ServerResponse } from "node:http";

/** Answers 202: the delivery is committed. */
export function accept(response: ServerResponse, guid: string, duplicate: boolean): void {
  const body = `{"id":"${guid}","duplicate":${duplicate}}`;
  response.writeHead(202, { "content-type": "application/json", "content-length": body.length });
  response.end(body);
}
