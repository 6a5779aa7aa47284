import { expect, it } from "vitest";
import { toPlain } from "../../text/markdown.js";
import { BOOK, reviewOf } from "./given.js";
import { SKIP_REASONS, type SkipFacts, skipOf } from "./skip.js";

const facts: SkipFacts = {
  state: "open",
  draft: false,
  author: "octocat",
  labels: ["bug"],
  paths: ["src/a.ts"],
  headSha: "abc",
  lastReviewedSha: "old",
  onlyMerges: false,
  asked: false,
};

const cases: readonly (readonly [Partial<SkipFacts>, object, string | null])[] = [
  [{}, {}, null],
  [{}, { enabled: false }, "disabled"],
  [{ state: "closed" }, {}, "closed"],
  [{ headSha: null }, {}, "head-gone"],
  [{ draft: true }, {}, "draft"],
  [{ draft: true, asked: true }, {}, null],
  [{ draft: true }, { ignore: { drafts: false } }, null],
  [{ author: "Dependabot[bot]" }, {}, "ignored-author"],
  [{ author: "acme-ci" }, { ignore: { authors: ["acme-*"] } }, "ignored-author"],
  [{ author: "acme" }, { ignore: { authors: ["acme-*", "*-x*y"] } }, null],
  [{ author: null }, { ignore: { authors: ["*"] } }, null],
  [{ labels: ["No-Review"] }, { ignore: { labels: ["no-review"] } }, "ignored-label"],
  [{ paths: ["docs/a.md", "b.md"] }, { ignore: { paths: ["*.md"] } }, "ignored-paths"],
  [{ paths: ["docs/a.md", "b.ts"] }, { ignore: { paths: ["*.md"] } }, null],
  [{ paths: [] }, { ignore: { paths: ["**"] } }, null],
  [{ lastReviewedSha: "abc" }, {}, "already-reviewed"],
  [{ lastReviewedSha: "abc", asked: true }, {}, null],
  [{ onlyMerges: true }, {}, "only-merges"],
];

it.each(cases)("%j with %j: %s", (more, review, id) => {
  const settings = reviewOf(BOOK.parse(JSON.stringify({ review })).layer ?? {});
  const skip = skipOf({ ...facts, ...more }, settings);
  expect(skip?.id ?? null).toBe(id);
  expect(skip === null ? "none" : toPlain(skip.reason)).not.toBe("");
});

it("each reason has a case", () => {
  expect(SKIP_REASONS.map(({ id }) => id).filter((id) => !cases.some(([, , expected]) => expected === id))).toEqual([]);
});
