import type nock from "nock";
import { beforeEach, describe, expect, test } from "vitest";
import { failure, NOW, recordedGitHub, unconditional } from "../../test/github/gateway.js";
import {
  EmptyRepositoryError,
  ForbiddenError,
  GoneError,
  InvalidError,
  messageOf,
  NetworkError,
  RateLimitError,
} from "../errors.js";
import type { GitHubCall } from "./octokit/observe.js";

const { begin, token } = recordedGitHub();
let calls: GitHubCall[];
let api: nock.Scope;
let read: () => Promise<unknown>;

beforeEach(() => {
  ({ calls, api, read } = begin());
});

describe("turns a refusal into one error, at once", () => {
  const cases: [string, number, Record<string, string>, new (...args: never[]) => Error][] = [
    ["not there", 404, {}, GoneError],
    ["deleted", 410, {}, GoneError],
    ["taken down", 451, {}, GoneError],
    ["not allowed", 403, { "x-ratelimit-remaining": "9" }, ForbiddenError],
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

  const HTML = { "content-type": "text/html; charset=utf-8" };
  test.each([200, 401, 403, 404, 410, 422, 500, 503])("an HTML page with status %i is no answer", async (status) => {
    token();
    api.get("/repos/acme/site/issues/3").reply(status, "<html>signing in</html>", HTML);
    const error = await failure(read());
    expect(error).toBeInstanceOf(NetworkError);
    expect(messageOf(error)).toContain(`an HTML page with status ${status}`);
  });

  test.each([201, 403, 404])("an HTML page with status %i in place of a token is no answer", async (status) => {
    api.post(/access_tokens$/).reply(status, "<html>signing in</html>", HTML);
    expect(await failure(read())).toBeInstanceOf(NetworkError);
  });

  test("an HTML page that asks to slow down is a limit", async () => {
    token();
    api.get("/repos/acme/site/issues/3").reply(429, "<html>slow down</html>", { ...HTML, "retry-after": "7" });
    expect(await failure(read())).toMatchObject({ kind: "rate-limit", resetAt: new Date("2026-01-01T00:00:07Z") });
  });

  test("no answer", async () => {
    token();
    api.get("/repos/acme/site/issues/3").replyWithError(Object.assign(new Error("boom"), { code: "ECONNRESET" }));
    expect(await failure(read())).toBeInstanceOf(NetworkError);
    expect(calls.map((call) => call.status)).toEqual([201, null]);
  });

  test("treats an incomplete answer as no answer, and does not store it", async () => {
    token();
    api
      .get("/repos/acme/site/issues/3")
      .reply(200, '{"number": 3', { "content-type": "application/json", etag: '"a"' });
    expect(await failure(read())).toBeInstanceOf(NetworkError);
    unconditional().get("/repos/acme/site/issues/3").reply(200, { number: 3 });
    expect(await read()).toEqual({ number: 3 });
  });
});
