import { describe, expect, it } from "vitest";
import { toPlain } from "../../text/markdown.js";
import { parseCodeowners } from "./codeowners/parse.js";
import { givenChange, reviewOf } from "./given.js";
import { proposeReviewers, type ReviewerFacts } from "./reviewers.js";
import { assessRisk } from "./risk.js";

const settings = reviewOf().reviewers;
const facts: ReviewerFacts = {
  change: givenChange([
    { path: "src/a.ts", after: "1\n2\n3\n4\n" },
    { path: "docs/b.md", after: "1\n" },
  ]),
  author: "Author",
  codeowners: parseCodeowners("/src/ @ann @bob @author\n/docs/ @org/docs @cid\n"),
  history: new Map([
    [
      "src/a.ts",
      new Map([
        ["dan", 3],
        ["eve", 1],
        ["renovate[bot]", 9],
      ]),
    ],
  ]),
  openReviews: new Map(),
  involved: [],
  available: null,
};

describe("reviewers", () => {
  it("are the owners of the most changed lines, never the author, with the reason", () => {
    const proposal = proposeReviewers(facts, settings);
    expect(proposal).toMatchObject({ users: ["ann", "bob"], teams: [] });
    expect(toPlain(proposal.reason)).toBe("ann, bob by CODEOWNERS");
  });

  it("are balanced by their pending reviews", () => {
    const openReviews = new Map([
      ["ann", 9],
      ["bob", 4],
    ]);
    expect(proposeReviewers({ ...facts, openReviews }, settings).users).toEqual(["cid", "bob"]);
  });

  it("are authors of the touched lines without owners, and no bots", () => {
    const proposal = proposeReviewers({ ...facts, codeowners: parseCodeowners("") }, settings);
    expect(proposal.users).toEqual(["dan", "eve"]);
    expect(toPlain(proposal.reason)).toBe("dan, eve wrote the touched code");
  });

  it("are a team where no person is an owner", () => {
    const codeowners = parseCodeowners("* @org/core\n");
    expect(proposeReviewers({ ...facts, codeowners, history: new Map() }, settings)).toMatchObject({
      users: [],
      teams: ["core"],
    });
  });

  it.each([
    [{ involved: ["ann"] }, ["bob"]],
    [{ involved: ["x", "y"] }, []],
    [{ available: new Set(["bob", "dan"]) }, ["bob", "dan"]],
  ])("with %j", (more, users) => {
    expect(proposeReviewers({ ...facts, ...more }, settings).users).toEqual(users);
  });

  it("are looked up under the old name of a renamed file", () => {
    const { files, ...change } = givenChange([{ path: "src/new.ts", after: "1\n" }]);
    const renamed = { ...change, files: files.map((file) => ({ ...file, previousPath: "src/a.ts" })) };
    expect(proposeReviewers({ ...facts, change: renamed, codeowners: parseCodeowners("") }, settings).users).toEqual([
      "dan",
      "eve",
    ]);
  });
});

describe("risk", () => {
  const lines = (count: number) => Array.from({ length: count }, (_, index) => `f(${index});`).join("\n");
  const assess = (paths: readonly (readonly [string, number])[], authorEarlier: number | null = 5) => {
    const { risk, reasons } = assessRisk({
      change: givenChange(paths.map(([path, count]) => ({ path, after: lines(count) }))),
      findings: [],
      authorEarlier,
    });
    return [risk, ...reasons.map(toPlain)];
  };

  it.each<[readonly (readonly [string, number])[], readonly string[]]>([
    [[["docs/a.md", 500]], ["low", "a small change of nothing delicate"]],
    [[["src/a.ts", 5]], ["low", "code without tests"]],
    [
      [
        ["src/auth/a.ts", 5],
        ["src/auth/a.test.ts", 5],
      ],
      ["medium", "delicate files: src/auth/a.ts"],
    ],
    [
      [
        ["src/billing/a.ts", 900],
        [".github/workflows/x.yml", 5],
      ],
      [
        "high",
        "905 changed lines in 2 files",
        "delicate files: src/billing/a.ts",
        "workflows changed",
        "code without tests",
      ],
    ],
  ])("of %j", (paths, expected) => {
    expect(assess(paths)).toEqual(expected);
  });

  it("counts a newcomer, and ignores unknown facts", () => {
    expect(assess([["src/a.ts", 5]], 0)).toEqual([
      "medium",
      "code without tests",
      "the author's first pull request here",
    ]);
    expect(assess([["src/a.ts", 5]], null)[0]).toBe("low");
  });
});
