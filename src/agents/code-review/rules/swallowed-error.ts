import { say } from "../../text/say.js";
import { isTest } from "../file-role.js";
import { SCRIPT } from "../languages.js";
import { structureRule } from "./structure-rule.js";

/** An error is caught and nothing is done about it, and no comment says why. */
export const swallowedError = structureRule({
  id: "swallowed-error",
  severity: "notice",
  why: "When this fails, nobody will ever know: handle it, log it, or say in a comment why it does not matter.",
  says: say`This error disappears.`,
  concerns: (path) => !isTest(path),
  queries: [
    {
      languages: SCRIPT,
      rule: { kind: "catch_clause", has: { field: "body", kind: "statement_block", regex: "^\\{\\s*\\}$" } },
    },
    {
      languages: SCRIPT,
      rule: {
        kind: "call_expression",
        all: [
          { has: { field: "function", regex: "\\.catch$" } },
          { has: { field: "arguments", regex: "^\\(\\s*(\\(\\s*\\w*\\s*\\)|\\w+)\\s*=>\\s*\\{\\s*\\}\\s*\\)$" } },
        ],
      },
      at: "end",
    },
    {
      languages: ["python"],
      rule: {
        kind: "except_clause",
        regex: "(?s)^except(\\s+(Exception|BaseException)(\\s+as\\s+\\w+)?)?\\s*:\\s*(pass|\\.\\.\\.)\\s*$",
      },
    },
    {
      languages: ["go"],
      rule: {
        kind: "if_statement",
        all: [
          { has: { field: "condition", regex: "^\\w*[eE]rr\\w*\\s*!=\\s*nil$" } },
          { has: { field: "consequence", regex: "^\\{\\s*\\}$" } },
        ],
      },
    },
  ],
});
