import { generateKeyPairSync } from "node:crypto";
import nock from "nock";
import { Probot } from "probot";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import {
  AuthenticationError,
  EmptyRepositoryError,
  GoneError,
  InvalidError,
  NetworkError,
  RateLimitError,
  ResourceLimitError,
} from "../errors.js";
import { createLog } from "../log.js";
import { createGateway, type Gateway } from "./gateway.js";
import { buildOctokit } from "./octokit.js";
import type { GitHubCall } from "./octokit/observe.js";

const API = "https://github.test/api/v3";
const GRAPHQL = "https://github.test/api/graphql";
const NOW = new Date("2026-01-01T00:00:00Z");
const REPO = { id: 7n, owner: "acme", name: "site" };
const privateKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({
  type: "pkcs8",
  format: "pem",
});

let gateway: Gateway;
let calls: GitHubCall[];
let api: nock.Scope;
let installation = 100n;

beforeAll(() => nock.disableNetConnect());
afterAll(() => nock.enableNetConnect());
beforeEach(() => {
  calls = [];
  installation += 1n;
  const Octokit = buildOctokit({
    apiUrl: API,
    onResponse: (call) => calls.push(call),
    timeoutMs: 500,
    writeSpacingMs: 0,
  });
  const probot = new Probot({
    appId: 1,
    privateKey: String(privateKey),
    secret: "x".repeat(32),
    Octokit,
    log: createLog({ level: "silent" }),
  });
  gateway = createGateway({
    octokitFor: (id) => probot.auth(Number(id)),
    appOctokit: () => probot.auth(),
    graphqlUrl: GRAPHQL,
    clock: { now: () => NOW },
  });
  api = nock(API);
});
afterEach(() => {
  vi.useRealTimers();
  const left = nock.pendingMocks();
  nock.cleanAll();
  if (left.length > 0) throw new Error(`Not asked for: ${left.join(", ")}`);
});

function token(value = "ghs_one", times = 1): void {
  api
    .post(`/app/installations/${installation}/access_tokens`)
    .times(times)
    .reply(201, { token: value, expires_at: "2030-01-01T00:00:00Z", permissions: {} });
}

const read = (): Promise<unknown> => gateway.reader(installation).issue(REPO, 3);

async function all(items: AsyncIterable<unknown>): Promise<readonly unknown[]> {
  const result: unknown[] = [];
  for await (const item of items) result.push(item);
  return result;
}

/** A scope that takes unconditional requests only. */
const unconditional = (): nock.Scope => nock(API, { badheaders: ["if-none-match"] });

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.fail("nothing was thrown"),
    (error: unknown) => error,
  );
}

describe("a refusal becomes one error, at once", () => {
  const cases: [string, number, Record<string, string>, new (...args: never[]) => Error][] = [
    ["not there", 404, {}, GoneError],
    ["deleted", 410, {}, GoneError],
    ["taken down", 451, {}, GoneError],
    ["not allowed", 403, { "x-ratelimit-remaining": "9" }, AuthenticationError],
    ["wrong input", 422, {}, InvalidError],
    ["conflict, as of an empty repository", 409, {}, EmptyRepositoryError],
    ["server error", 500, {}, NetworkError],
    ["bad gateway", 502, {}, NetworkError],
  ];
  test.each(cases)("%s: %i", async (_name, status, headers, type) => {
    token();
    api.get("/repos/acme/site/issues/3").reply(status, { message: "said so" }, headers);
    const error = await failure(read());
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({
      message: `GitHub answered ${status} to GET /repos/{owner}/{repo}/issues/{issue_number}: said so`,
    });
  });

  const limits: [string, number, Record<string, string>, string][] = [
    ["Retry-After", 429, { "retry-after": "7" }, "2026-01-01T00:00:07Z"],
    ["secondary limit", 403, { "retry-after": "30", "x-ratelimit-remaining": "9" }, "2026-01-01T00:00:30Z"],
    ["quota used up", 403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1767226500" }, "2026-01-01T00:15:00Z"],
    [
      "unsaid, though the quota has a reset",
      429,
      { "x-ratelimit-remaining": "9", "x-ratelimit-reset": "1767226500" },
      "2026-01-01T00:01:00Z",
    ],
  ];
  test.each(limits)("limited: %s", async (_name, status, headers, resetAt) => {
    token();
    api
      .get("/repos/acme/site/issues/3")
      .reply(status, { message: "You have exceeded a secondary rate limit" }, headers);
    const start = performance.now();
    const error = await failure(read());
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toMatchObject({ resetAt: new Date(resetAt) });
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  test("where GitHub does not say how long, the pauses double until an answer comes", async () => {
    token();
    const resets: unknown[] = [];
    for (const status of [429, 429, 429, 200, 429]) {
      api.get("/repos/acme/site/issues/3").reply(status, {});
      const result = await read().catch((error: unknown) => error);
      if (result instanceof RateLimitError) resets.push((result.resetAt.getTime() - NOW.getTime()) / 1000);
    }
    expect(resets).toEqual([60, 120, 240, 60]);
  });

  test("no answer", async () => {
    token();
    api.get("/repos/acme/site/issues/3").replyWithError(Object.assign(new Error("boom"), { code: "ECONNRESET" }));
    expect(await failure(read())).toBeInstanceOf(NetworkError);
    expect(calls.map((call) => call.status)).toEqual([201, null]);
  });

  test("an answer that was cut short is no answer, and is not kept", async () => {
    token();
    api
      .get("/repos/acme/site/issues/3")
      .reply(200, '{"number": 3', { "content-type": "application/json", etag: '"a"' });
    expect(await failure(read())).toBeInstanceOf(NetworkError);
    unconditional().get("/repos/acme/site/issues/3").reply(200, { number: 3 });
    expect(await read()).toEqual({ number: 3 });
  });
});

describe("tokens", () => {
  test("a revoked token is replaced once, and the call goes on", async () => {
    token("ghs_old");
    api.get("/repos/acme/site/issues/3").matchHeader("authorization", "token ghs_old").reply(200, { number: 3 });
    await read();
    // auth-app itself retries a 401 while the token is younger than five seconds.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 6_000 });
    api.get("/repos/acme/site/issues/3").matchHeader("authorization", "token ghs_old").reply(401, {});
    token("ghs_new");
    api.get("/repos/acme/site/issues/3").matchHeader("authorization", "token ghs_new").reply(200, { number: 3 });
    expect(await read()).toEqual({ number: 3 });
  });

  test("a token that stays refused is replaced once a call, not over and over", async () => {
    token("ghs_one", 2);
    api.get("/repos/acme/site/issues/3").reply(200, { number: 3 });
    await read();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 6_000 });
    api.get("/repos/acme/site/issues/3").reply(401, {});
    api.get("/repos/acme/site/issues/3").reply(() => {
      vi.setSystemTime(Date.now() + 6_000);
      return [401, {}];
    });
    // Once more within auth-app's five seconds, and no more.
    api.get("/repos/acme/site/issues/3").reply(401, {});
    expect(await failure(read())).toBeInstanceOf(AuthenticationError);
  });

  test("a fresh token that is not known everywhere yet is tried again", async () => {
    token();
    api.get("/repos/acme/site/issues/3").reply(401, {});
    api.get("/repos/acme/site/issues/3").reply(200, { number: 3 });
    expect(await read()).toEqual({ number: 3 });
  });

  test.each([
    ["uninstalled", 404, GoneError],
    ["suspended", 403, GoneError],
    ["wrong key", 401, AuthenticationError],
    ["down", 503, NetworkError],
  ])("%s: no call is made without one", async (_name, status, type) => {
    api.post(`/app/installations/${installation}/access_tokens`).reply(status, {});
    expect(await failure(read())).toBeInstanceOf(type);
    expect(calls.map((call) => [call.route, call.status])).toEqual([
      ["POST /app/installations/{installation_id}/access_tokens", status],
    ]);
  });
});

describe("conditional requests", () => {
  test("what is unchanged comes from the cache, with its link, and each reader gets its own copy", async () => {
    token();
    api
      .get("/installation/repositories?per_page=100")
      .reply(
        200,
        { repositories: [{ id: 1 }] },
        { etag: '"a"', link: `<${API}/installation/repositories?per_page=100&page=2>; rel="next"` },
      );
    api
      .get("/installation/repositories?per_page=100&page=2")
      .reply(200, { repositories: [{ id: 2 }] }, { etag: '"b"' });
    const reader = gateway.reader(installation);
    const first = await all(reader.repositories());
    expect(first).toEqual([{ id: 1 }, { id: 2 }]);
    api.get("/installation/repositories?per_page=100").matchHeader("if-none-match", '"a"').reply(304);
    api.get("/installation/repositories?per_page=100&page=2").matchHeader("if-none-match", '"b"').reply(304);
    const second = await all(reader.repositories());
    expect(second).toEqual(first);
    expect(second[0]).not.toBe(first[0]);
    expect(calls.map((call) => call.status)).toEqual([201, 200, 200, 304, 304]);
  });

  test("another installation's body is never given", async () => {
    token();
    api.get("/repos/acme/site/issues/3").reply(200, { secret: true }, { etag: '"a"' });
    await read();
    installation += 1n;
    token();
    unconditional().get("/repos/acme/site/issues/3").reply(404, {});
    expect(await failure(read())).toBeInstanceOf(GoneError);
  });
});

describe("pages", () => {
  test("commits are followed to the last page, and labels stay bounded", async () => {
    token();
    const path = "/repos/acme/site/compare/aaa...bbb?per_page=100";
    api
      .get(path)
      .reply(200, { commits: [{ sha: "1" }] }, { link: `<${API}${path}&page=2>; rel="next", <x>; rel="last"` });
    api.get(`${path}&page=2`).reply(200, { commits: [{ sha: "2" }] }, { link: `<${API}${path}>; rel="first"` });
    expect(await all(gateway.reader(installation).commits(REPO, "aaa", "bbb"))).toEqual([{ sha: "1" }, { sha: "2" }]);
    expect(calls.slice(1).map((call) => call.route)).toEqual(
      Array(2).fill("GET /repos/{owner}/{repo}/compare/{basehead}"),
    );
  });

  test("a next page on another host is refused: the token goes nowhere else", async () => {
    token();
    api
      .get("/installation/repositories?per_page=100")
      .reply(200, { repositories: [] }, { link: '<https://evil.test/2>; rel="next"' });
    const error = await failure(all(gateway.reader(installation).repositories()));
    expect(error).toBeInstanceOf(InvalidError);
  });
});

describe("GraphQL", () => {
  const DOCUMENT = { name: "Two", text: "query Two { a b }" };
  const Schema = z.object({ a: z.string().nullable(), b: z.string() });
  const query = () => gateway.client(installation).query(DOCUMENT, { x: 1 }, Schema);
  const answer = (body: nock.Body, headers: Record<string, string> = {}): void => {
    nock(GRAPHQL)
      .post("", { query: DOCUMENT.text, variables: { x: 1 } })
      .reply(200, body, headers);
  };

  test("an answer is read by its schema", async () => {
    token();
    answer({ data: { a: "1", b: "2" } });
    expect(await query()).toEqual({ data: { a: "1", b: "2" }, problems: [] });
    expect(calls.at(-1)).toMatchObject({ route: "QUERY Two", status: 200, installationId: installation });
  });

  test("what is not there is named, and the rest is given", async () => {
    token();
    answer({ data: { a: null, b: "2" }, errors: [{ type: "NOT_FOUND", path: ["a"], message: "Could not resolve" }] });
    expect(await query()).toEqual({
      data: { a: null, b: "2" },
      problems: [{ kind: "gone", path: ["a"], message: "Could not resolve" }],
    });
  });

  const errors: [string, object[], new (...args: never[]) => Error][] = [
    ["NOT_FOUND", [{ type: "NOT_FOUND", path: ["b"], message: "" }], GoneError],
    ["FORBIDDEN", [{ type: "FORBIDDEN", path: ["b"], message: "" }], AuthenticationError],
    ["RESOURCE_LIMITS_EXCEEDED", [{ type: "RESOURCE_LIMITS_EXCEEDED", message: "" }], ResourceLimitError],
    ["MAX_NODE_LIMIT_EXCEEDED", [{ type: "MAX_NODE_LIMIT_EXCEEDED", message: "" }], ResourceLimitError],
    ["no type", [{ message: "Something went wrong while executing your query" }], NetworkError],
    ["a wrong argument", [{ type: "argumentLiteralsIncompatible", message: "" }], InvalidError],
  ];
  test.each(errors)("%s", async (_name, list, type) => {
    token();
    answer({ data: null, errors: list });
    expect(await failure(query())).toBeInstanceOf(type);
  });

  test("RATE_LIMITED waits for the reset", async () => {
    token();
    answer({ data: null, errors: [{ type: "RATE_LIMITED", message: "" }] }, { "x-ratelimit-reset": "1767226500" });
    expect(await failure(query())).toMatchObject({ kind: "rate-limit", resetAt: new Date("2026-01-01T00:15:00Z") });
  });

  test("an answer of another shape is invalid; one that was cut short is no answer", async () => {
    token();
    answer({ data: { a: 1 } });
    expect(await failure(query())).toBeInstanceOf(InvalidError);
    nock(GRAPHQL).post("").reply(200, '{"data": {', { "content-type": "application/json" });
    expect(await failure(query())).toBeInstanceOf(NetworkError);
    nock(GRAPHQL).post("").reply(502, "<html>");
    expect(await failure(query())).toBeInstanceOf(NetworkError);
  });
});

test("quotas are reported with every answer", async () => {
  token();
  const headers = {
    "x-ratelimit-limit": "5000",
    "x-ratelimit-remaining": "4990",
    "x-ratelimit-used": "10",
    "x-ratelimit-reset": "1767226500",
  };
  api.get("/repos/acme/site/issues/3").reply(200, {}, headers);
  await read();
  expect(calls.at(-1)).toMatchObject({
    installationId: installation,
    route: "GET /repos/{owner}/{repo}/issues/{issue_number}",
    status: 200,
    rateLimit: { limit: 5000, remaining: 4990, used: 10, resetAt: new Date("2026-01-01T00:15:00Z"), resource: "core" },
  });
});

test("the App itself says who it is, once", async () => {
  api.get("/app").reply(200, { id: 1, slug: "companyos" });
  expect(await gateway.identity()).toEqual({ appId: 1n, login: "companyos[bot]" });
  expect(await gateway.identity()).toEqual({ appId: 1n, login: "companyos[bot]" });
  api.get(`/app/installations/${installation}`).reply(200, { id: Number(installation) });
  expect(await gateway.reader(installation).installation()).toEqual({ id: Number(installation) });
});
