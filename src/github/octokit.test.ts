import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { answerOf } from "../errors/answer.js";
import { kindOf } from "../errors.js";
import { buildOctokit } from "./octokit.js";

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A server that answers in the way given; its address. */
async function listen(answer: Parameters<typeof createServer>[1]): Promise<string> {
  const started = createServer(answer ?? (() => undefined));
  server = started;
  await new Promise<void>((done) => {
    started.listen(0, "127.0.0.1", done);
  });
  const address: AddressInfo | string | null = started.address();
  if (typeof address !== "object" || address === null) throw new Error("not listening");
  return `http://127.0.0.1:${address.port}`;
}

const octokitFor = (apiUrl: string, timeoutMs: number) => {
  const Octokit = buildOctokit({ apiUrl, timeoutMs });
  return new Octokit({ auth: { token: "ghs_x" } });
};

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.fail("nothing was thrown"),
    (error: unknown) => error,
  );
}

test("an answer that does not come is given up in time", async () => {
  const url = await listen(() => undefined);
  const start = performance.now();
  const error = await failure(octokitFor(url, 200).request("GET /slow"));
  expect(kindOf(error)).toBe("network");
  expect(performance.now() - start).toBeLessThan(2_000);
});

test("a server error is not retried inside the request", async () => {
  let asked = 0;
  const url = await listen((_request, response) => {
    asked += 1;
    response.writeHead(503).end();
  });
  const error = await failure(octokitFor(url, 1_000).request("GET /down"));
  expect(answerOf(error)?.status).toBe(503);
  expect(asked).toBe(1);
});

test("does not retry a token's 401 without another token", async () => {
  let asked = 0;
  const url = await listen((_request, response) => {
    asked += 1;
    response.writeHead(401).end();
  });
  await failure(octokitFor(url, 1_000).request("GET /x"));
  expect(asked).toBe(1);
});
