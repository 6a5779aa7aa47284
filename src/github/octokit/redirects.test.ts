import { createServer, type IncomingMessage } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { InvalidError } from "../../errors.js";
import { listen } from "../../web/server.js";
import { createGateway } from "../gateway.js";
import { buildOctokit } from "../octokit.js";

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly body: string;
}

/** A host that redirects `/from…` as it is told and answers everything else, and what it has seen. */
async function host(
  answer?: (request: IncomingMessage) => { readonly status: number; readonly location?: string } | null,
) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => (body += part));
    request.on("end", () => {
      seen.push({ method: request.method, url: request.url, body });
      const { status, location } = answer?.(request) ?? { status: 200 };
      response.writeHead(status, { "content-type": "application/json", ...(location !== undefined && { location }) });
      response.end('{"data":{},"id":1}');
    });
  });
  const listening = await listen(server, { host: "127.0.0.1", port: 0 });
  onTestFinished(() => listening.close(0));
  return { url: listening.url, seen };
}

function clientOf(apiUrl: string) {
  const Octokit = buildOctokit({ apiUrl });
  const { app } = createGateway({
    octokitFor: () => Promise.reject(new Error("not asked")),
    appOctokit: () => Promise.resolve(new Octokit()),
    graphqlUrl: `${apiUrl}/graphql`,
    clock: { now: () => new Date() },
  });
  if (!app) throw new Error("no App");
  return app;
}

/** Deliberately not that of `test/github/gateway.ts`: its nock stands between `fetch` and the hosts of this test. */
function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error,
  );
}

const WRITES = ["POST /from", "PATCH /from", "PUT /from", "DELETE /from"];

test.each([301, 302, 303, 307, 308].flatMap((status) => WRITES.map((route) => ({ route, status }))))(
  "$route with $status to another host is an error with its remedy, and the host gets no request",
  async ({ route, status }) => {
    const stranger = await host();
    const api = await host(() => ({ status, location: `${stranger.url}/to` }));
    const error = await failure(clientOf(api.url).rest(route, { title: "x" }));
    expect(error).toBeInstanceOf(InvalidError);
    expect(String(error)).toMatch(/redirects a \w+ with 30\d to http.*Set GITHUB_API_URL/);
    expect(stranger.seen).toEqual([]);
    expect(api.seen).toHaveLength(1);
  },
);

test.each([307, 308])("repeats a write answered %s with another path of the API unchanged", async (status) => {
  const api = await host(({ url }) => (url === "/from" ? { status, location: "/repositories/1/to" } : null));
  expect(await clientOf(api.url).rest("POST /from", { title: "x" })).toMatchObject({ status: 200 });
  expect(api.seen.map(({ method, url, body }) => [method, url, body])).toEqual([
    ["POST", "/from", '{"title":"x"}'],
    ["POST", "/repositories/1/to", '{"title":"x"}'],
  ]);
});

test.each([
  ["to a read of the same path", { status: 301, location: "/to" }],
  ["to nowhere", { status: 307 }],
  ["in a circle", { status: 307, location: "/from" }],
])("a write that is redirected %s is an error", async (_name, answer) => {
  const api = await host(() => answer);
  expect(await failure(clientOf(api.url).rest("POST /from", {}))).toBeInstanceOf(InvalidError);
});

test("a read is followed", async () => {
  const api = await host(({ url }) => (url === "/from" ? { status: 301, location: "/to" } : null));
  expect(await clientOf(api.url).rest("GET /from")).toMatchObject({ status: 200, data: { id: 1 } });
});
