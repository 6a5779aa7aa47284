import { afterAll, expect, it } from "vitest";
import { BOOK, reviewOf } from "./given.js";
import { REVIEW_EXAMPLE } from "./settings/example.js";
import { openInspector } from "./inspect/child-process.js";
import { tryRules } from "./try-rules.js";

const inspector = openInspector();
afterAll(() => inspector.close());

async function problems(text: string): Promise<readonly string[]> {
  const parsed = BOOK.parse(text);
  if (!parsed.layer) throw new Error(JSON.stringify(parsed.problems));
  const found = await tryRules(inspector, reviewOf(parsed.layer), parsed.positionOf);
  return found.map(({ line, setting, problem }) => `${line} ${setting}: ${problem}`);
}

it("reports every rule that a parser rejects, with its line", async () => {
  const text = `review:
  customRules:
    good:
      message: x
      languages: [TypeScript, python, go]
      pattern: f($A)
    no-kind:
      message: x
      languages: [python]
      rule: { kind: no_such_kind }
    no-regex:
      message: x
      languages: [TypeScript, go]
      rule: { regex: "(" }
    line:
      message: x
      line: y
`;
  expect(await problems(text)).toEqual([
    "7 review.customRules.no-kind: the python parser rejects this pattern or rule",
    "11 review.customRules.no-regex: the TypeScript parser rejects this pattern or rule",
  ]);
});

it("the documented example has none", async () => {
  expect(await problems(REVIEW_EXAMPLE)).toEqual([]);
});
