import { say } from "../../../text/say.js";
import { isTest } from "../file-role.js";
import { SCRIPT } from "../languages.js";
import { DEPENDS_ON_NOTHING, structureRule } from "./structure-rule.js";

const RUNNERS = "^(it|test|describe|suite|context|specify|bench|fixture|tap|tape|Deno\\.test)\\b";
/** Calls whose first argument is not a title: Playwright's `test.skip(condition, reason)`. */
const CONDITION = [
  { has: { nthChild: 1, not: { any: [{ kind: "string" }, { kind: "template_string" }] } } },
  { not: { has: { nthChild: 2, any: [{ kind: "arrow_function" }, { kind: "function_expression" }] } } },
];

/**
 * Unconditional skips. Conditional ones (`skipif`, `skipIf`, a `t.Skip` or `pytest.skip` in a condition, `ready ? it : it.skip`,
 * Playwright's `test.skip(condition)`) depend on the environment and are not reported.
 */
export const skippedTest = structureRule({
  id: "skipped-test",
  severity: "warning",
  why: "A skipped test tends to stay skipped, and its behaviour is no longer tested.",
  says: say`This test will not run.`,
  concerns: isTest,
  queries: [
    {
      languages: SCRIPT,
      rule: {
        pattern: "$RUNNER.skip",
        all: [
          {
            not: {
              inside: { kind: "call_expression", field: "function", has: { field: "arguments", all: CONDITION } },
            },
          },
          DEPENDS_ON_NOTHING,
        ],
      },
      constraints: { RUNNER: { regex: RUNNERS } },
      at: "end",
      fix: "$RUNNER",
    },
    {
      languages: SCRIPT,
      rule: {
        kind: "subscript_expression",
        all: [{ has: { field: "object", regex: RUNNERS } }, { has: { field: "index", regex: "^[\"'`]skip[\"'`]$" } }],
      },
      at: "end",
    },
    {
      languages: SCRIPT,
      rule: {
        kind: "call_expression",
        has: { field: "function", regex: "^(xit|xdescribe|xtest|xcontext|xspecify)(\\.each\\b|$)" },
      },
    },
    {
      languages: SCRIPT,
      rule: {
        kind: "pair",
        all: [
          { has: { field: "key", regex: "^[\"']?skip[\"']?$" } },
          { has: { field: "value", regex: "^(true|[\"'`].*)$" } },
          {
            inside: {
              kind: "object",
              inside: {
                kind: "arguments",
                inside: { kind: "call_expression", has: { field: "function", regex: RUNNERS } },
              },
            },
          },
        ],
      },
    },
    {
      languages: SCRIPT,
      rule: {
        kind: "call_expression",
        has: { field: "function", regex: "^(this\\.skip|pending)$" },
        inside: { kind: "expression_statement" },
        not: {
          any: ["if_statement", "catch_clause"].map((kind) => ({ inside: { kind, stopBy: "end" as const } })),
        },
      },
    },
    {
      languages: ["python"],
      rule: {
        kind: "decorator",
        regex: "^@(pytest\\.mark\\.skip|(unittest\\.)?skip|pytest\\.mark\\.xfail)\\b(\\(|$)",
        not: { regex: "xfail\\([^)]*(condition|strict)|xfail\\(\\s*[^\"')\\s]" },
      },
      fix: "",
    },
    {
      languages: ["python"],
      rule: {
        kind: "call",
        has: { field: "function", regex: "^(pytest\\.skip|self\\.skipTest)$" },
        not: {
          any: ["if_statement", "except_clause", "match_statement", "conditional_expression"].map((kind) => ({
            inside: { kind, stopBy: "end" as const },
          })),
        },
      },
    },
    {
      languages: ["python"],
      rule: {
        kind: "assignment",
        has: { field: "left", regex: "^pytestmark$" },
        all: [{ has: { field: "right", regex: "pytest\\.mark\\.skip\\b" } }],
      },
    },
    {
      languages: ["go"],
      rule: {
        kind: "call_expression",
        has: { field: "function", regex: "^(t|b|f|tb|tt|ginkgo|(s|ts|suite)\\.T\\(\\))\\.(Skip|Skipf|SkipNow)$" },
        inside: { kind: "expression_statement" },
        not: {
          any: ["if_statement", "expression_switch_statement", "select_statement"].map((kind) => ({
            inside: { kind, stopBy: "end" as const },
          })),
        },
      },
    },
    {
      languages: ["go"],
      rule: {
        kind: "call_expression",
        has: { field: "function", regex: "^(ginkgo\\.)?[PX](Describe|Context|When|It|Specify|Entry|DescribeTable)$" },
      },
    },
  ],
});
