import * as fc from "fast-check";
import picomatch from "picomatch";
import { expect, it } from "vitest";
import { globProblem, globs } from "./glob.js";

it.each([
  ["**/vendor/**", "a/vendor/b/c.js", true],
  ["**/*.min.js", "x.min.js", true],
  ["*.d.ts", "a/b/c.d.ts", true],
  ["/src/*.ts", "src/a.ts", true],
  ["/src/*.ts", "lib/src/a.ts", false],
  ["src/*.ts", "src/b/a.ts", false],
  ["index.{ts,tsx,mts}", "packages/a/index.mts", true],
  ["{src,{lib,test}/x}/a.ts", "test/x/a.ts", true],
  ["{a}", "{a}", true],
  ["[a-c]?.ts", "b1.ts", true],
  ["[!a-c].ts", "b.ts", false],
  ["[]]", "]", true],
  ["[a", "[a", true],
  ["\\*.ts", "*.ts", true],
  ["app/(auth)/*", "app/(auth)/page.tsx", true],
  ["?.ts", "🙂.ts", true],
  ["a/**/b", "a/b", true],
  ["", "a", false],
])("%s and %s: %s", (pattern, path, expected) => {
  expect(globs([pattern])(path)).toBe(expected);
});

it("agrees with picomatch on their common syntax", () => {
  const name = fc.stringMatching(/^[abc]{1,4}$/);
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
  const piece = fc.constantFrom("a", "b", "c", "*", "?", "[ab]", "[^a]", "{a,b}");
  const part = fc.oneof(
    fc.constant("**"),
    fc.array(piece, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("").replaceAll(/\*+/g, "*")),
  );
  const pattern = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
  fc.assert(
    fc.property(pattern, path, (glob, file) => {
      const anywhere = glob.includes("/") ? glob : `**/${glob}`;
      // Of `a/**` and a file `a`, picomatch says now this and now that.
      fc.pre(!anywhere.endsWith("/**"));
      expect(globs([glob])(file)).toBe(picomatch(anywhere, { dot: true, nonegate: true, noextglob: true })(file));
    }),
    { numRuns: 1_000 },
  );
});

it("refuses braces that multiply", () => {
  expect(globProblem("{a,b}".repeat(6))).toBeNull();
  expect(globProblem("{a,b}".repeat(99))).toContain("alternatives");
  expect(globProblem("a".repeat(501))).toContain("500");
  expect(globs(["{a,b}".repeat(99)])("a".repeat(99))).toBe(false);
});
