import nock from "nock";
import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { failure, GRAPHQL, recordedGitHub } from "../../test/github/gateway.js";
import {
  CircuitOpenError,
  ForbiddenError,
  GoneError,
  InvalidError,
  NetworkError,
  ResourceLimitError,
} from "../errors.js";
import type { Gateway } from "./gateway.js";
import type { GitHubCall } from "./octokit/observe.js";

const { begin, token, next } = recordedGitHub();
let gateway: Gateway;
let calls: GitHubCall[];
let installation: bigint;

beforeEach(() => {
  ({ gateway, calls, installation } = begin());
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

  test("names missing parts, and returns the rest", async () => {
    token();
    answer({ data: { a: null, b: "2" }, errors: [{ type: "NOT_FOUND", path: ["a"], message: "Could not resolve" }] });
    expect(await query()).toEqual({
      data: { a: null, b: "2" },
      problems: [{ kind: "gone", path: ["a"], message: "Could not resolve" }],
    });
  });

  const errors: [string, object[], new (...args: never[]) => Error][] = [
    ["NOT_FOUND", [{ type: "NOT_FOUND", path: ["b"], message: "" }], GoneError],
    ["FORBIDDEN", [{ type: "FORBIDDEN", path: ["b"], message: "" }], ForbiddenError],
    ["RESOURCE_LIMITS_EXCEEDED", [{ type: "RESOURCE_LIMITS_EXCEEDED", message: "" }], ResourceLimitError],
    ["MAX_NODE_LIMIT_EXCEEDED", [{ type: "MAX_NODE_LIMIT_EXCEEDED", message: "" }], ResourceLimitError],
    ["no type", [{ message: "Something went wrong while executing your query" }], NetworkError],
    ["SERVICE_UNAVAILABLE", [{ type: "SERVICE_UNAVAILABLE", path: ["a"], message: "try again" }], NetworkError],
    [
      "SERVICE_UNAVAILABLE beside FORBIDDEN and NOT_FOUND",
      [{ type: "FORBIDDEN" }, { type: "NOT_FOUND" }, { type: "SERVICE_UNAVAILABLE" }],
      NetworkError,
    ],
    ["a wrong argument", [{ type: "argumentLiteralsIncompatible", message: "" }], InvalidError],
  ];
  test.each(errors)("%s", async (_name, list, type) => {
    token();
    answer({ data: null, errors: list });
    expect(await failure(query())).toBeInstanceOf(type);
  });

  test("errors inside answers never stop the calls of any installation", async () => {
    token();
    for (const list of [[{ message: "Something went wrong" }], [{ type: "SERVICE_UNAVAILABLE", message: "" }]])
      for (let n = 0; n < 10; n += 1) {
        answer({ data: null, errors: list });
        expect(await failure(query())).toBeInstanceOf(NetworkError);
      }
    answer({ data: { a: "1", b: "2" } });
    expect((await query()).data.b).toBe("2");
  });

  test("unanswered calls of one installation do not stop another", async () => {
    token();
    nock(GRAPHQL).post("").times(8).reply(503, {});
    for (let n = 0; n < 8; n += 1) await failure(query());
    expect(await failure(query())).toBeInstanceOf(CircuitOpenError);
    installation = next();
    token();
    answer({ data: { a: "1", b: "2" } });
    expect((await query()).data.b).toBe("2");
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
