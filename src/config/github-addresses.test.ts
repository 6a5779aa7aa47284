import { assert, constantFrom, integer, option, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import { readConfig } from "../config.js";
import { ConfigError } from "../errors.js";

const addresses = (env: Readonly<Record<string, string>>) => readConfig(env).github;

describe("GitHub's addresses", () => {
  it.each([
    ["nothing is set", {}, ["https://api.github.com", "https://api.github.com/graphql", "https://github.com"]],
    [
      "a slash at the end (cases/api-url-trailing-slash.env)",
      { GITHUB_API_URL: "https://github.example.com/api/v3/" },
      ["https://github.example.com/api/v3", "https://github.example.com/api/graphql", "https://github.example.com"],
    ],
    [
      "GraphQL alone",
      { GITHUB_GRAPHQL_URL: "https://github.example.com/api/graphql" },
      ["https://github.example.com/api/v3", "https://github.example.com/api/graphql", "https://github.example.com"],
    ],
    [
      "the site alone",
      { GITHUB_SERVER_URL: "https://github.example.com" },
      ["https://github.example.com/api/v3", "https://github.example.com/api/graphql", "https://github.example.com"],
    ],
    [
      "GHE_HOST with a port",
      { GHE_HOST: "github.example.com:8443" },
      [
        "https://github.example.com:8443/api/v3",
        "https://github.example.com:8443/api/graphql",
        "https://github.example.com:8443",
      ],
    ],
    [
      "GitHub Enterprise Cloud with data residency",
      { GHE_HOST: "octo.ghe.com" },
      ["https://api.octo.ghe.com", "https://api.octo.ghe.com/graphql", "https://octo.ghe.com"],
    ],
    [
      "the same by its API",
      { GITHUB_API_URL: "https://api.octo.ghe.com" },
      ["https://api.octo.ghe.com", "https://api.octo.ghe.com/graphql", "https://octo.ghe.com"],
    ],
    [
      "a proxy under a path",
      { GITHUB_API_URL: "http://localhost:8080/github" },
      ["http://localhost:8080/github", "http://localhost:8080/github/graphql", "http://localhost:8080"],
    ],
  ])("%s", (_name, env, [apiUrl, graphqlUrl, serverUrl]) => {
    expect(addresses(env)).toEqual({ apiUrl, graphqlUrl, serverUrl });
  });

  it.each([
    [
      { GITHUB_API_URL: "https://github.example.com/api/v3", GITHUB_GRAPHQL_URL: "https://api.github.com/graphql" },
      /GITHUB_GRAPHQL_URL is at api\.github\.com/,
    ],
    [
      { GHE_HOST: "github.example.com", GITHUB_GRAPHQL_URL: "https://api.github.com/graphql" },
      /GITHUB_GRAPHQL_URL is at/,
    ],
    [
      { GITHUB_API_URL: "https://github.example.com/api/v3", GITHUB_SERVER_URL: "https://github.com" },
      /GITHUB_SERVER_URL is https:\/\/github\.com/,
    ],
    [
      { GITHUB_API_URL: "https://api.github.com", GITHUB_SERVER_URL: "https://github.example.com" },
      /GITHUB_SERVER_URL is/,
    ],
  ])("%j are refused: they belong to two GitHub servers", (env, message) => {
    expect(() => addresses(env)).toThrow(message);
  });
});

const GITHUB = ["GITHUB_API_URL", "GITHUB_GRAPHQL_URL", "GITHUB_SERVER_URL"] as const;
const NAMES = [...GITHUB, "PUBLIC_URL"] as const;
const ENDS = { GITHUB_API_URL: "/api/v3", GITHUB_GRAPHQL_URL: "/api/graphql", GITHUB_SERVER_URL: "" };

describe("however an address is written", () => {
  const written = record({
    scheme: constantFrom("https", "http", "HTTPS"),
    host: constantFrom(
      "github.example.com",
      "GitHub.Example.COM",
      "büro.example",
      "xn--bro-hoa.example",
      "[::1]",
      "127.0.0.1",
    ),
    port: option(integer({ min: 1, max: 65_535 })),
    slashes: constantFrom("", "/", "//", "///"),
    inner: constantFrom("/", "//"),
  });

  it("normalises an address: one server, no slash at its end, no double slash, stable when read again", () => {
    assert(
      property(written, constantFrom(...GITHUB), ({ scheme, host, port, slashes, inner }, name) => {
        const origin = `${scheme}://${host}${port === null ? "" : `:${port}`}`;
        const read = readConfig({ [name]: `${origin}${ENDS[name].replaceAll("/", inner)}${slashes}` });
        const { apiUrl, graphqlUrl, serverUrl } = read.github;
        for (const url of [apiUrl, graphqlUrl, serverUrl]) {
          expect(new URL(url).origin).toBe(new URL(origin).origin);
          expect(url.slice("https://".length)).not.toMatch(/\/$|\/\//);
        }
        const again = { GITHUB_API_URL: apiUrl, GITHUB_GRAPHQL_URL: graphqlUrl, GITHUB_SERVER_URL: serverUrl };
        expect(readConfig(again).github).toEqual(read.github);
      }),
    );
  });

  it("is refused with a user, a query, a fragment or another scheme", () => {
    const BAD = [
      ["user@host.example", /must not contain a user name/],
      ["user:pass@host.example", /must not contain a user name/],
      ["host.example?token=x", /must not contain a query/],
      ["host.example/?", /must not contain a query/],
      ["host.example#top", /must not contain a query or a fragment/],
    ] as const;
    assert(
      property(constantFrom(...BAD), constantFrom(...NAMES), ([rest, message], name) => {
        expect(() => readConfig({ [name]: `https://${rest}` })).toThrow(message);
        expect(() => readConfig({ [name]: `ftp://${rest}` })).toThrow(ConfigError);
      }),
    );
  });

  it("is the same public address", () => {
    for (const end of ["", "/", "//"])
      expect(readConfig({ PUBLIC_URL: `https://Companyos.Example.com:443${end}` }).publicUrl).toBe(
        "https://companyos.example.com",
      );
  });

  it("is refused with a path where the app answers at the root only", () => {
    expect(() => readConfig({ PUBLIC_URL: "https://example.com/companyos" })).toThrow(
      /PUBLIC_URL must not contain a path/,
    );
  });
});
