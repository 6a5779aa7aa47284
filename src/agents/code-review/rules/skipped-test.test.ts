import { afterAll, expect, it } from "vitest";
import { linesOf, unmark } from "../given.js";
import { openInspector } from "../inspect/child-process.js";

const inspector = openInspector();
afterAll(() => inspector.close());

it.each([
  [
    "a.test.js",
    "it('a', function () {\n▶  this.skip();\n});\nit('b', () => {\n▶  pending('later');\n  if (slow) this.skip();\n  try { require('pg'); } catch { this.skip(); }\n});\n",
  ],
  [
    "a.test.ts",
    '▶it.skip("a", () => {});\n▶describe.skip(title(), () => {});\n▶test.skip.each([1])("b");\n▶xit("c");\n',
  ],
  ["a.test.ts", '▶it["skip"]("a");\n▶test("b", { skip: true }, () => {});\n▶test("c", { skip: "flaky" }, () => {});\n'],
  [
    "a.spec.ts",
    'test.skip(browserName === "webkit", "no");\ntest.skip(({ isMobile }) => isMobile, "no");\ntest.skip(!process.env.CI);\n▶test.skip();\n',
  ],
  [
    "a.test.ts",
    'cursor.skip(5);\nconst t = "it.skip()"; // xit(\ntest("b", { skip: !ready }, () => {});\nreader({ skip: true });\n',
  ],
  [
    "a.test.ts",
    'const maybe = "Temporal" in globalThis ? test : test.skip;\n(ready ? it : it.skip)("a", () => {});\nif (!docker) {\n  it.skip("b", () => {});\n}\n▶it.skip("c", () => {});\n',
  ],
  [
    "test_a.py",
    "▶@pytest.mark.skip(reason='x')\ndef test_a(): pass\n\n▶@unittest.skip('y')\ndef test_b(): pass\n\n▶@pytest.mark.xfail\ndef test_c(): pass\n",
  ],
  [
    "test_a.py",
    "def test_a():\n▶    pytest.skip('later')\n\nclass T(TestCase):\n    def test_b(self):\n▶        self.skipTest('x')\n▶pytestmark = pytest.mark.skip\n",
  ],
  [
    "test_a.py",
    "@pytest.mark.skipif(sys.platform == 'win32', reason='x')\ndef test_a():\n    if not redis:\n        pytest.skip('no redis')\n    try:\n        import x\n    except ImportError:\n        pytest.skip('no x')\n@unittest.skipUnless(a, 'b')\ndef test_b(): '@pytest.mark.skip'\n",
  ],
  [
    "a_test.go",
    'package a\n\nfunc TestA(t *testing.T) {\n▶\tt.Skip("flaky")\n}\n\nfunc TestB(t *testing.T) {\n\tif testing.Short() {\n\t\tt.Skip()\n\t}\n\tt.Run("c", func(t *testing.T) {\n▶\t\tt.SkipNow()\n\t})\n}\n',
  ],
  [
    "a_test.go",
    'package a\n\n▶var _ = PIt("a", func() {})\n▶var _ = ginkgo.XDescribe("b", func() {})\nfunc f() { dec.Skip() }\n',
  ],
])("%s: %s", async (path, given) => {
  const { text, lines } = unmark(given);
  expect(await linesOf(inspector, "skipped-test", { path, after: text })).toEqual(lines);
});
