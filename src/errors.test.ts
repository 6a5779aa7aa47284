import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  AppError,
  AuthenticationError,
  type ErrorKind,
  ForbiddenError,
  GoneError,
  InvalidError,
  kindOf,
  NetworkError,
  policyFor,
  RateLimitError,
  UnendedError,
} from "./errors.js";

const NOW = new Date("2026-11-22T12:00:00Z");

/** As Octokit's RequestError is: an Error with `status` and `response.headers`. */
function answered(status: number, headers: Record<string, string> = {}): Error {
  return Object.assign(new Error("Not Found, rate limit, ECONNRESET"), {
    name: "HttpError",
    status,
    response: { headers },
  });
}

/** GitHub's bodies name a page of its documentation. */
function pointing(page: string, status = 403): Error {
  const data = { message: "Forbidden", documentation_url: `https://docs.github.com/rest/${page}` };
  return Object.assign(new Error("Forbidden"), { name: "HttpError", status, response: { headers: {}, data } });
}

function graphql(...types: string[]): Error {
  return Object.assign(new Error("x"), {
    name: "GraphqlResponseError",
    headers: {},
    errors: types.map((type) => ({ type })),
  });
}

function coded(code: string, cause?: unknown): Error {
  return Object.assign(new Error("x", { cause }), { code });
}

function zodError(): unknown {
  return z.object({ a: z.string() }).safeParse({}).error;
}

const KINDS: readonly (readonly [string, unknown, ErrorKind])[] = [
  ["RateLimitError", new RateLimitError("x", NOW), "rate-limit"],
  ["AuthenticationError", new AuthenticationError("x"), "authentication"],
  ["ForbiddenError", new ForbiddenError("x"), "forbidden"],
  ["NetworkError", new NetworkError("x"), "network"],
  ["GoneError", new GoneError("x"), "gone"],
  ["InvalidError", new InvalidError("x"), "invalid"],
  ["UnendedError", new UnendedError("x"), "unknown"],
  ["AppError of a kind", new AppError("unknown", "x"), "unknown"],
  ["an AppError before the status of its cause", new InvalidError("x", { cause: answered(502) }), "invalid"],
  ["zod", zodError(), "invalid"],
  ["HTTP 400", answered(400), "invalid"],
  ["HTTP 401", answered(401), "authentication"],
  ["HTTP 403, a permission is missing", answered(403, { "x-ratelimit-remaining": "4999" }), "forbidden"],
  ["HTTP 403, quota used up", answered(403, { "x-ratelimit-remaining": "0" }), "rate-limit"],
  ["HTTP 403, secondary limit", answered(403, { "retry-after": "60", "x-ratelimit-remaining": "10" }), "rate-limit"],
  [
    "HTTP 403, secondary limit without headers",
    pointing("overview/rate-limits#about-secondary-rate-limits"),
    "rate-limit",
  ],
  [
    "HTTP 403, secondary limit of older servers",
    pointing("overview/resources-in-the-rest-api#secondary-rate-limits"),
    "rate-limit",
  ],
  ["HTTP 403 that points elsewhere", pointing("checks/runs#create-a-check-run"), "forbidden"],
  ["HTTP 403 about the route of the limits", pointing("rate-limit/rate-limit#get-rate-limit-status"), "forbidden"],
  ["HTTP 404 that points to the limits", pointing("overview/rate-limits", 404), "gone"],
  ["HTTP 429", answered(429), "rate-limit"],
  ["HTTP 404", answered(404), "gone"],
  ["HTTP 410", answered(410), "gone"],
  ["HTTP 451", answered(451), "gone"],
  ["HTTP 422", answered(422), "invalid"],
  ["HTTP 409", answered(409), "unknown"],
  ["HTTP 408", answered(408), "network"],
  ["HTTP 500", answered(500), "network"],
  ["HTTP 502", answered(502), "network"],
  ["HTTP 503 with Retry-After", answered(503, { "retry-after": "5" }), "network"],
  ["an answer without headers", Object.assign(new Error("x"), { status: 404 }), "gone"],
  ["a status that is not HTTP's", Object.assign(new Error("x"), { status: 12 }), "unknown"],
  ["GraphQL NOT_FOUND", graphql("NOT_FOUND"), "gone"],
  ["GraphQL RATE_LIMITED", graphql("NOT_FOUND", "RATE_LIMITED"), "rate-limit"],
  ["GraphQL FORBIDDEN", graphql("FORBIDDEN"), "forbidden"],
  ["GraphQL, one of two not found", graphql("NOT_FOUND", "SOMETHING"), "invalid"],
  ["GraphQL SERVICE_UNAVAILABLE", graphql("FORBIDDEN", "SERVICE_UNAVAILABLE"), "network"],
  ["GraphQL, an error without a type", graphql("NOT_FOUND", ""), "network"],
  ["GraphQL without types", graphql(), "unknown"],
  ...["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENOTFOUND", "EAI_AGAIN", "EPIPE", "EHOSTUNREACH"].map(
    (code) => [`Node ${code}`, coded(code), "network"] as const,
  ),
  ...["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_SOCKET"].map(
    (code) => [`undici ${code}`, coded(code), "network"] as const,
  ),
  ["fetch failed, because of a reset", new TypeError("fetch failed", { cause: coded("ECONNRESET") }), "network"],
  ["a timeout signal", new DOMException("x", "TimeoutError"), "network"],
  ["an aborted signal", new DOMException("x", "AbortError"), "unknown"],
  ["PostgreSQL shutting down", coded("57P01"), "network"],
  ["PostgreSQL starting", coded("57P03"), "network"],
  ["PostgreSQL connection failure", coded("08006"), "network"],
  ["PostgreSQL too many connections", coded("53300"), "network"],
  ["PostgreSQL deadlock", coded("40P01"), "network"],
  ["PostgreSQL unique violation", coded("23505"), "unknown"],
  ["PostgreSQL syntax error", coded("42601"), "unknown"],
  ["Prisma unreachable", coded("P1001"), "network"],
  ["Prisma pool timeout", coded("P2024"), "network"],
  ["Prisma unique violation", coded("P2002"), "unknown"],
  ["a bug", new TypeError("ECONNRESET rate limit 404"), "unknown"],
  ["a text", "ECONNRESET", "unknown"],
  ["nothing", undefined, "unknown"],
  ["a cause of itself", selfCaused(), "unknown"],
];

function selfCaused(): Error {
  const error = new Error("x");
  error.cause = error;
  return error;
}

describe("kindOf", () => {
  test.each(KINDS)("%s", (_name, error, kind) => {
    expect(kindOf(error)).toBe(kind);
  });
});

describe("policyFor", () => {
  const facts = { attempt: 1, maxAttempts: 3, now: NOW, jitter: 0 };
  const in10s = new Date(NOW.getTime() + 10_000);

  test.each([
    ["rate limit", new RateLimitError("x", in10s), facts, { kind: "retry-at", at: in10s }],
    [
      "rate limit, last attempt",
      new RateLimitError("x", in10s),
      { ...facts, attempt: 3 },
      { kind: "retry-at", at: in10s },
    ],
    ["Retry-After", answered(429, { "retry-after": "10" }), facts, { kind: "retry-at", at: in10s }],
    [
      "x-ratelimit-reset",
      answered(403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(in10s.getTime() / 1000) }),
      facts,
      { kind: "retry-at", at: in10s },
    ],
    [
      "a secondary limit, far from the reset of the quota",
      answered(403, { "retry-after": "10", "x-ratelimit-remaining": "4000", "x-ratelimit-reset": "4000000000" }),
      facts,
      { kind: "retry-at", at: in10s },
    ],
    [
      "a secondary limit that does not say",
      answered(429, { "x-ratelimit-remaining": "4000", "x-ratelimit-reset": "4000000000" }),
      facts,
      { kind: "retry-at", at: new Date(NOW.getTime() + 60_000) },
    ],
    ["a limit that does not say", answered(429), facts, { kind: "retry-at", at: new Date(NOW.getTime() + 60_000) }],
    [
      "a reset in the past",
      new RateLimitError("x", new Date(0)),
      facts,
      { kind: "retry-at", at: new Date(NOW.getTime() + 1_000) },
    ],
    [
      "a reset, spread",
      new RateLimitError("x", in10s),
      { ...facts, jitter: 0.5 },
      { kind: "retry-at", at: new Date(in10s.getTime() + 2_500) },
    ],
    ["authentication", answered(401), facts, { kind: "retry", afterMs: 900_000 }],
    ["forbidden", answered(403), facts, { kind: "retry", afterMs: 900_000 }],
    ["network, first", answered(502), facts, { kind: "retry", afterMs: 500 }],
    ["network, first, most jitter", answered(502), { ...facts, jitter: 0.999_99 }, { kind: "retry", afterMs: 1_000 }],
    ["network, second", answered(502), { ...facts, attempt: 2 }, { kind: "retry", afterMs: 1_000 }],
    ["network, capped", answered(502), { ...facts, attempt: 40, maxAttempts: 50 }, { kind: "retry", afterMs: 150_000 }],
    [
      "network, last",
      answered(502),
      { ...facts, attempt: 3 },
      { kind: "give-up", reason: "the host did not answer (3 attempts)" },
    ],
    [
      "unknown, last",
      new TypeError("x"),
      { ...facts, attempt: 3 },
      { kind: "give-up", reason: "unexpected error (3 attempts)" },
    ],
    ["gone", new GoneError("the repository is gone"), facts, { kind: "ignore", reason: "the repository is gone" }],
    ["never ended", new UnendedError("it never ended"), facts, { kind: "give-up", reason: "it never ended" }],
    ["invalid", new InvalidError("no number"), facts, { kind: "give-up", reason: "no number" }],
  ])("%s", (_name, error, given, policy) => {
    expect(policyFor(error, given)).toEqual(policy);
  });
});
