import { say } from "../../../text/say.js";
import { isTest } from "../file-role.js";
import { SCRIPT } from "../languages.js";
import { DEPENDS_ON_NOTHING, structureRule } from "./structure-rule.js";

const RUNNERS =
  "^(it|test|describe|suite|context|specify|bench|fixture|scenario|feature|tape|tap|t|Deno\\.test|(tap|t)\\.test|testInternal|pw)\\b";

/** Jest, Vitest, Mocha, Jasmine, Playwright, AVA and node:test; Ginkgo for Go. */
export const focusedTest = structureRule({
  id: "focused-test",
  severity: "failure",
  why: "A focused test disables all other tests, and the run still passes.",
  says: say`Only this test will run.`,
  concerns: isTest,
  queries: [
    {
      languages: SCRIPT,
      rule: { pattern: "$RUNNER.only", all: [DEPENDS_ON_NOTHING] },
      constraints: { RUNNER: { regex: RUNNERS } },
      at: "end",
      fix: "$RUNNER",
    },
    {
      languages: SCRIPT,
      rule: {
        kind: "subscript_expression",
        all: [{ has: { field: "object", regex: RUNNERS } }, { has: { field: "index", regex: "^[\"'`]only[\"'`]$" } }],
      },
      at: "end",
    },
    {
      languages: SCRIPT,
      rule: {
        kind: "call_expression",
        all: [
          {
            has: {
              field: "function",
              regex: "^(fit|fdescribe|ftest|fcontext|ddescribe|iit)(\\.(each|concurrent|failing)\\b|$)",
            },
          },
          {
            has: {
              field: "arguments",
              has: { nthChild: 2, any: [{ kind: "arrow_function" }, { kind: "function_expression" }] },
            },
          },
        ],
      },
    },
    {
      languages: SCRIPT,
      rule: {
        kind: "pair",
        all: [
          { has: { field: "key", regex: "^[\"']?only[\"']?$" } },
          { has: { field: "value", regex: "^true$" } },
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
      languages: ["go"],
      rule: {
        kind: "call_expression",
        has: { field: "function", regex: "^(ginkgo\\.)?F(Describe|Context|When|It|Specify|Entry|DescribeTable)$" },
      },
    },
    {
      languages: ["go"],
      rule: {
        any: [
          { kind: "selector_expression", regex: "^ginkgo\\.Focus$" },
          { kind: "identifier", regex: "^Focus$" },
        ],
        inside: {
          kind: "argument_list",
          inside: {
            kind: "call_expression",
            has: { field: "function", regex: "^(ginkgo\\.)?(Describe|Context|When|It|Specify|Entry|DescribeTable)$" },
          },
        },
      },
    },
    {
      languages: ["python"],
      rule: { kind: "decorator", regex: "^@(pytest\\.mark\\.(only|focus)|focus|only)\\b" },
      fix: "",
    },
  ],
});
