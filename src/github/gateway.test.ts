import type nock from "nock";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { API, failure, recordedGitHub, REPO, unconditional } from "../../test/github/gateway.js";
import { AuthenticationError, GoneError, InvalidError, NetworkError } from "../errors.js";
import type { Gateway } from "./gateway.js";
import type { GitHubCall } from "./octokit/observe.js";

const { begin, token, next } = recordedGitHub();
let gateway: Gateway;
let calls: GitHubCall[];
let api: nock.Scope;
let installation: bigint;
let read: () => Promise<unknown>;

beforeEach(() => {
  ({ gateway, calls, api, installation, read } = begin());
});

async function all(items: AsyncIterable<unknown>): Promise<readonly unknown[]> {
  const result: unknown[] = [];
  for await (const item of items) result.push(item);
  return result;
}

describe("tokens", () => {
  test("replaces a revoked token once, and continues the call", async () => {
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

  test("replaces a token that stays refused once for each call", async () => {
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

  test("retries a new token that GitHub does not know everywhere yet", async () => {
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
  test("serves unchanged bodies from the cache with their link, as separate copies", async () => {
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
    installation = next();
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

  test.each([
    ["a path", `${new URL(API).pathname}/installation/repositories?per_page=100&page=2`],
    ["a query alone", "?per_page=100&page=2"],
    ["without a scheme", `${API.replace("https:", "")}/installation/repositories?per_page=100&page=2`],
  ])("a next page that is relative is read: %s", async (_name, target) => {
    token();
    api
      .get("/installation/repositories?per_page=100")
      .reply(200, { repositories: [{ id: 1 }] }, { link: `<${target}>; rel="next"` });
    api.get("/installation/repositories?per_page=100&page=2").reply(200, { repositories: [{ id: 2 }] });
    expect(await all(gateway.reader(installation).repositories())).toEqual([{ id: 1 }, { id: 2 }]);
  });

  test.each(["//evil.test/2", "http://[", "ftp://evil.test/"])("a next page at %s is refused", async (target) => {
    token();
    const first = api.get("/installation/repositories?per_page=100");
    first.reply(200, { repositories: [] }, { link: `<${target}>; rel="next"` });
    expect(await failure(all(gateway.reader(installation).repositories()))).toBeInstanceOf(InvalidError);
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

test("reads the App's identity once", async () => {
  api.get("/app").reply(200, { id: 1, slug: "companyos" });
  expect(await gateway.identity()).toEqual({ appId: 1n, login: "companyos[bot]" });
  expect(await gateway.identity()).toEqual({ appId: 1n, login: "companyos[bot]" });
  api.get(`/app/installations/${installation}`).reply(200, { id: Number(installation) });
  expect(await gateway.reader(installation).installation()).toEqual({ id: Number(installation) });
});
