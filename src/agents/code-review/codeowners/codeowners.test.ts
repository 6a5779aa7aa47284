import { describe, expect, it } from "vitest";
import { type Codeowners, ownersOf, parseCodeowners } from "./parse.js";

const owners = (codeowners: Codeowners, path: string) => ownersOf(codeowners, path, { left: 10_000 });

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
    // `/*` is the root only; a name with a star owns what is in a folder of that name too.
    ["/*", "README.md", true],
    ["/*", "src/a.ts", false],
    ["/f*", "foo", true],
    ["/f*", "foo/bar", true],
    ["/f*", "bar/foo", false],
    ["f*/", "foo", false],
    ["f*/", "foo/bar", true],
    ["f*/", "bar/foo/baz", true],
    ["/*/", "foo", false],
    ["/*/", "bar/foo/baz", true],
    ["/f*/", "bar/foo/baz", false],
    ["foo/*", "foo", false],
    ["foo/*", "bar/foo/x", false],
    ["foo/*.txt", "foo/bar/baz.txt", false],
    ["foo/*/baz", "foo/baz", false],
    ["foo/*/baz", "foo/bar/baz/q", true],
    ["**/foo/bar", "q/foo/bar/z", true],
    ["**/foo/bar", "foo/z/bar", false],
    ["**/*bar*", "foo/rebar", true],
    ["**/*bar*", "foo/q", false],
    ["foo/bar/**", "foo/bar", false],
    ["foo/bar/**", "foo/bar/z/q", true],
    ["foo/bar/**", "q/foo/bar/z", false],
    ["foo/**/bar", "foo/q/u/bar/z", true],
    ["foo/**/bar", "q/foo/bar", false],
    ["foo/**/", "foo", false],
    ["foo/**/", "foo/bar/baz", true],
    ["foo/**/bar/b*", "foo/q/bar/baz", true],
    ["foo/**/bar/b*", "foo/bar/q", false],
    ["f\\*o", "foo", false],
    ["f\\*o", "f*o", true],
    ["f?o", "f/o", false],
    ["**/foo/", "x/foo/a", true],
    ["**/foo/", "x/foo", false],
    ["**/foo/*", "x/foo/a", true],
    ["**/foo/*", "x/foo/b/a", false],
    ["**", "a/b", true],
    ["/**", "a", true],
    ["**/", "a", false],
    ["**/", "a/b", true],
    ["**/*", "a/b", true],
    ["/docs/**/*.md", "docs/a.md", true],
    ["/docs/**/*.md", "x/docs/a.md", false],
    ["foo**", "x/foobar", true],
    ["/apps/*/src", "apps/a/b/src/x.ts", false],
    ["docs/", "x/docs/a", true],
    [".github/", ".github/workflows/a.yml", true],
  ])("%s and %s: %s", (pattern, path, expected) => {
    const codeowners = parseCodeowners(`${pattern} @owner\n`);
    expect(codeowners.problems).toEqual([]);
    expect(owners(codeowners, path)).toEqual(expected ? ["owner"] : []);
  });
});

it("uses the last matching line, which may have no owners", () => {
  const codeowners = parseCodeowners(
    "# all\n* @org/all\n\n/src/ @a  @b # main\n/src/generated/\n*.md docs@acme.test\n",
  );
  expect(owners(codeowners, "x")).toEqual(["org/all"]);
  expect(owners(codeowners, "src/a.ts")).toEqual(["a", "b"]);
  expect(owners(codeowners, "src/generated/a.ts")).toEqual([]);
  expect(owners(codeowners, "src/a.md")).toEqual(["docs@acme.test"]);
});

it("names lines that GitHub ignores", () => {
  const { problems, rules } = parseCodeowners("!a @x\n[ab].ts @x\n*.ts owner\n*.js @ok\n");
  expect(problems.map(({ line }) => line)).toEqual([1, 2, 3]);
  expect(rules.map(({ pattern }) => pattern)).toEqual(["*.js"]);
});
