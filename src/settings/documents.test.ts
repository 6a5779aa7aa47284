import { expect, it } from "vitest";
import { RULE_IDS } from "../agents/code-review/rules/registry.js";
import { parseJson } from "../unchecked.js";
import { AGENTS, bookOf } from "../runs/registry.js";
import { settingsJsonSchema } from "./json-schema.js";
import { settingsReference } from "./reference.js";

const BOOK = bookOf(AGENTS);

it("the editors' schema contains every rule and refuses unknown keys", () => {
  expect(parseJson(settingsJsonSchema(BOOK))).toMatchObject({
    additionalProperties: false,
    properties: {
      review: { additionalProperties: false, properties: { maxInlineComments: { maximum: 10 } } },
    },
  });
  expect(RULE_IDS.filter((id) => !settingsJsonSchema(BOOK).includes(`"${id}"`))).toEqual([]);
});

it("the reference names every rule and every setting of the review", () => {
  const text = settingsReference(BOOK);
  expect(RULE_IDS.filter((id) => !text.includes(`| \`${id}\` |`))).toEqual([]);
  expect(text).toContain(
    "| `review.maxInlineComments` | The most comments on lines; the other findings are in the summary; 0 to 10 | `10` |",
  );
  expect(text).toContain("| `review.options.requireLinkedIssue` |");
});
