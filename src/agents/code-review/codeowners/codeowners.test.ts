import { describe, expect, it } from "vitest";
import { ownersOf, parseCodeowners } from "./parse.js";

/** The examples of GitHub's documentation, and what gitignore says where that is silent. */
describe("patterns", () => {
  it.each([
    ["*", "any/file.ts", true],
    ["*.js", "a/b/c.js", true],
    ["*.js", "a/b/c.jsx", false],
    ["/build/logs/", "build/logs/x/y.log", true],
    ["/build/logs/", "src/build/logs/y.log", false],
    ["docs/*", "docs/getting-started.md", true],
    ["docs/*", "docs/build-app/troubleshooting.md", false],
    ["apps/", "x/apps/y/z.ts", true],
    ["apps/", "apps", false],
    ["/docs/", "docs/a/b.md", true],
    ["/scripts/", "x/scripts/a.sh", false],
    ["**/logs", "build/logs/x.log", true],
    ["**/logs", "deeply/nested/logs/x", true],
    ["/apps/github", "apps/github/a.ts", true],
    ["/apps/github", "apps/githubx/a.ts", false],
    ["a/**/z.ts", "a/z.ts", true],
    ["a/**/z.ts", "a/b/c/z.ts", true],
    ["/src/**", "src/a/b.ts", true],
    ["file?.ts", "file1.ts", true],
    ["file?.ts", "file12.ts", false],
    ["a+b.(c).ts", "x/a+b.(c).ts", true],
    ["a+b.ts", "aab.ts", false],
    ["with\\ space/", "with space/a.ts", true],
    ["\\#hash", "#hash", true],
  ])("%s and %s: %s", (pattern, path, expected) => {
    const codeowners = parseCodeowners(`${pattern} @owner\n`);
    expect(codeowners.problems).toEqual([]);
    expect(ownersOf(codeowners, path)).toEqual(expected ? ["owner"] : []);
  });
});

it("lets the last line that matches decide, also that nobody owns it", () => {
  const codeowners = parseCodeowners(
    "# all\n* @org/all\n\n/src/ @a  @b # main\n/src/generated/\n*.md docs@acme.test\n",
  );
  expect(ownersOf(codeowners, "x")).toEqual(["org/all"]);
  expect(ownersOf(codeowners, "src/a.ts")).toEqual(["a", "b"]);
  expect(ownersOf(codeowners, "src/generated/a.ts")).toEqual([]);
  expect(ownersOf(codeowners, "src/a.md")).toEqual(["docs@acme.test"]);
});

it("names lines that GitHub passes over", () => {
  const { problems, rules } = parseCodeowners("!a @x\n[ab].ts @x\n*.ts owner\n*.js @ok\n");
  expect(problems.map(({ line }) => line)).toEqual([1, 2, 3]);
  expect(rules.map(({ pattern }) => pattern)).toEqual(["*.js"]);
});
