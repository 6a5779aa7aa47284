import { describe, expect, it } from "vitest";
import { NetworkError } from "../../errors.js";
import type { GitHubClient } from "../client.js";
import { readTexts } from "./texts.js";

const repository = { id: 1n, owner: "acme", name: "app" };
const commits = { head: "h", base: "b" };

/** Answers calls in GraphQL with what is given, and keeps their texts. */
function fake(answer: (text: string, variables: Readonly<Record<string, unknown>>) => unknown) {
  const asked: string[] = [];
  const client: GitHubClient = {
    rest: () => Promise.reject(new Error("no REST here")),
    pages: () => {
      throw new Error("no pages here");
    },
    query: ({ text }, variables, schema) => {
      asked.push(text);
      return Promise.resolve().then(() => ({
        data: schema.parse({ repository: answer(text, variables) }),
        problems: [],
      }));
    },
  };
  return { client, asked };
}

const blob = (length: number) => ({
  oid: "o",
  byteSize: length,
  isBinary: false,
  isTruncated: false,
  text: "x".repeat(length),
});
const requests = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ path: `${index}.ts`, head: `${index}.ts`, base: null }));

describe("texts", () => {
  it("are read up to twenty million characters of a review; the rest is left out", async () => {
    const { client, asked } = fake(() =>
      Object.fromEntries(requests(50).map((_, index) => [`h${index}`, blob(500_000)])),
    );
    const { texts } = await readTexts(client, repository, commits, requests(300), []);
    expect(texts.size).toBe(40);
    expect(asked).toHaveLength(1);
  });

  it("of many files take a call for each fifty", async () => {
    const { client, asked } = fake(() => Object.fromEntries(requests(50).map((_, index) => [`h${index}`, blob(1)])));
    expect((await readTexts(client, repository, commits, requests(120), [])).texts.size).toBe(120);
    expect(asked).toHaveLength(3);
  });

  it("of no files take no call", async () => {
    const { client, asked } = fake(() => ({}));
    await readTexts(client, repository, commits, [], []);
    expect(asked).toEqual([]);
  });
});

describe("writers", () => {
  const by = (login: string | null, startingLine: number, endingLine: number) => ({
    startingLine,
    endingLine,
    commit: { author: { user: login === null ? null : { login } } },
  });
  const blamed = [{ path: "a.ts", lines: [2, 3, 9] }];
  const ranges = [by("ann", 1, 2), by("bob", 3, 3), by(null, 4, 8), by("ann", 9, 20)];

  it("are the authors of the touched lines, read by the same call as the texts", async () => {
    const { client, asked } = fake((_text, variables) => {
      expect(variables).toMatchObject({ p0: "a.ts", commit: "b" });
      return { h0: blob(1), blamed: { p0: { ranges } } };
    });
    const { writers } = await readTexts(client, repository, commits, requests(1), blamed);
    expect(asked).toHaveLength(1);
    expect([...(writers.get("a.ts") ?? [])]).toEqual([
      ["ann", 2],
      ["bob", 1],
    ]);
  });

  it("are left out when GitHub takes too long for them", async () => {
    const { client, asked } = fake((text) => {
      if (text.includes("blame(")) throw new NetworkError("502");
      return { h0: blob(1) };
    });
    const { texts, writers } = await readTexts(client, repository, commits, requests(1), blamed);
    expect([texts.size, writers.get("a.ts")?.size, asked.length]).toEqual([1, 0, 2]);
  });
});
