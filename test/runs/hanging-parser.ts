import { givenFile } from "../../src/agents/code-review/given.js";
import { openInspector } from "../../src/agents/code-review/inspect/child-process.js";
import { ruleOptions } from "../../src/agents/code-review/rules/options.js";

// A process whose parser hangs, for a test that kills it.
const slow = { kind: "call_expression", has: { pattern: "never()", stopBy: "end" as const } };

await openInspector({ fileMs: 10 * 60_000, maxLength: 1_000_000 }).inspect({
  file: givenFile({ path: "a.ts", before: null, after: `${"f(".repeat(30_000)}${")".repeat(30_000)}` }),
  language: "TypeScript",
  queries: [{ rule: "slow", query: { languages: ["TypeScript"], rule: slow } }],
  lines: [],
  own: ["slow"],
  exports: false,
  options: ruleOptions.parse({}),
  hashKey: "key",
});
