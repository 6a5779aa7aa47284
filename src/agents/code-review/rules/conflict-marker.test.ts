import { afterAll, expect, it } from "vitest";
import { checkRule, givenChange, linesOf, unmark } from "../given.js";
import { openInspector } from "../inspect/child-process.js";
import { conflictMarker } from "./conflict-marker.js";

it.each([
  ["all of them", "a\n▶<<<<<<< HEAD\nb\n▶||||||| base\n▶=======\nc\n▶>>>>>>> branch\n"],
  ["with Windows line ends", "▶<<<<<<< HEAD\r\nb\r\n▶=======\r\nc\r\n▶>>>>>>> x\r\n"],
  ["one that was left over", "a\n▶>>>>>>> 1a2b3c (Fix)\n"],
  ["a heading", "Title\n=======\n\ntext\n"],
  ["longer rows and other places", "<<<<<<<<< x\n  <<<<<<< HEAD\n>>>>>>>x\n"],
])("%s", (_name, given) => {
  const { text, lines } = unmark(given);
  const change = givenChange([{ path: "a.md", after: text }]);
  const matches = checkRule(conflictMarker, change);
  expect(matches.map(({ line }) => line)).toEqual(lines);
});

const inspector = openInspector();
afterAll(() => inspector.close());

const MARKERS = "<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> branch\n";

it.each([
  ["a fence of Markdown", "docs/merging.md", `Text:\n\n\`\`\`diff\n${MARKERS}\`\`\`\n`],
  ["a fixture", "test/fixtures/conflict.txt", MARKERS],
  ["a template string", "src/a.test.ts", `const text = \`\n${MARKERS}\`;\n`],
  ["a string of Python", "tests/test_a.py", `TEXT = """\n${MARKERS}"""\n`],
])("in %s it is text", async (_name, path, after) => {
  expect(await linesOf(inspector, "conflict-marker", { path, after })).toEqual([]);
});

it.each([
  ["outside of a fence", "docs/a.md", `\`\`\`\nx\n\`\`\`\n${MARKERS}`, [4, 6, 8]],
  ["in a fence that never ends", "docs/a.md", `\`\`\`\n${MARKERS}`, [2, 4, 6]],
  ["in code", "src/a.ts", `f();\n${MARKERS}`, [2, 4, 6]],
])("%s it is one", async (_name, path, after, lines) => {
  expect(await linesOf(inspector, "conflict-marker", { path, after })).toEqual(lines);
});
