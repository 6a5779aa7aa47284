import { expect, test } from "vitest";
import { parseCodeowners } from "../code-review/codeowners/parse.js";
import { areasOf, pathsIn } from "./areas.js";

test("finds files in stacks and sentences, each once, and no versions or links", () => {
  const body = [
    "    at render (src/web/page.tsx:12:3)",
    '  File "app/models/cart.py", line 4',
    "See ./docs/setup.md and src/web/page.tsx; version 2.4.1, node.js 20",
    "https://example.com/a/b.ts",
  ].join("\n");
  expect(pathsIn({ title: "Crash in b/Cart.java", body })).toEqual([
    "Cart.java",
    "src/web/page.tsx",
    "app/models/cart.py",
    "docs/setup.md",
    "node.js",
  ]);
});

test("names owners by their files, never the author or a mail address", () => {
  const codeowners = parseCodeowners("* @ann\n/src/web/ @acme/web\n*.py py@acme.com\n");
  const text = { title: "x", body: "src/web/a.ts src/web/b.ts lib/c.ts app/d.py" };
  expect(areasOf(text, codeowners, null)).toEqual([
    { owner: "acme/web", paths: ["src/web/a.ts", "src/web/b.ts"] },
    { owner: "ann", paths: ["lib/c.ts"] },
  ]);
  expect(areasOf(text, codeowners, "Ann").map(({ owner }) => owner)).toEqual(["acme/web"]);
});

test("60,000 characters of slashes take no time", () => {
  const began = performance.now();
  pathsIn({ title: "x", body: "a/".repeat(30_000) });
  pathsIn({ title: "x", body: "a.".repeat(30_000) });
  expect(performance.now() - began).toBeLessThan(1_000);
});
