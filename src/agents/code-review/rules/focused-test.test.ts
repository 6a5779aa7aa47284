import { afterAll, expect, it } from "vitest";
import { findIn, givenChange, linesOf, unmark } from "../given.js";
import { openInspector } from "../inspect/child-process.js";

const inspector = openInspector();
afterAll(() => inspector.close());

it.each([
  [
    "a.test.ts",
    '▶t.test("a", { only: true }, f);\n▶t.only("a", f);\n▶tape.only("a", f);\n▶Deno.test.only("a", f);\n▶Deno.test({ only: true, fn: f });\nquery.only("name");\n',
  ],
  ["src/a.integration.ts", '▶it.only("a", f);\n'],
  ["src/a.tests.ts", '▶it.only("a", f);\n'],
  ["src/a.unit.ts", '▶it.only("a", f);\n'],
  ["src/storeTest.js", '▶it.only("a", f);\n'],
  ["src/latest.js", 'it.only("a", f);\n'],
  ["a.test.ts", '▶it.only("a", () => {});\nit("b", () => {});\n'],
  ["a.test.ts", 'describe\n▶  .only("a", () => {});\n'],
  ["a.test.ts", '▶test.describe.only("a", () => {});\n▶test.concurrent.only("b");\n'],
  ["a.test.ts", '▶it.only.each([1])("a %i", () => {});\n▶describe["only"]("b", () => {});\n'],
  ["a.test.jsx", '▶fdescribe("a", () => { \n▶fit("b", () => <p/>); });\n'],
  ["a.test.mjs", '▶test("a", { only: true }, () => {});\n'],
  [
    "a.test.ts",
    'const text = "it.only(1)"; // it.only(2)\nlist.only(1);\nquery({ only: true });\nfit.data();\nfit(each, parts);\n',
  ],
  [
    "a_test.go",
    'package a\n\n▶var _ = FDescribe("a", func() {\n▶\tginkgo.FIt("b", func() {})\n\tIt("c", func() {})\n▶\tIt("d", Focus, func() {})\n▶\tginkgo.It("e", ginkgo.Focus, func() {})\n})\n',
  ],
  [
    "a.test.ts",
    'const one = process.env.ONE ? it.only : it;\nif (!available()) {\n  test.only("needs docker", f);\n}\n▶test.only("a", f);\n',
  ],
  ["a_test.go", "package a\n\n// FIt(\nfunc FIterate() {}\nfunc f() { FIterate() }\n"],
  ["test_a.py", "@pytest.mark.parametrize('x', [1])\n▶@pytest.mark.only\ndef test_a(x):\n    pass\n"],
])("%s: %s", async (path, given) => {
  const { text, lines } = unmark(given);
  expect(await linesOf(inspector, "focused-test", { path, after: text })).toEqual(lines);
});

it("suggests the line without the focus, beside characters of more than one byte", async () => {
  const change = givenChange([{ path: "a.test.ts", after: '/* é🙂 */ it.only("ä", () => {});\n' }]);
  const [finding] = await findIn(inspector, change);
  expect(finding).toMatchObject({ rule: "focused-test", replacement: '/* é🙂 */ it("ä", () => {});' });
});

it("ignores a focus that existed before", async () => {
  const before = 'it.only("a");\n';
  expect(await linesOf(inspector, "focused-test", { path: "a.test.ts", before, after: `${before}it("b");\n` })).toEqual(
    [],
  );
});
