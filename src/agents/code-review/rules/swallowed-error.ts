import { say } from "../../../text/say.js";
import { isTest } from "../file-role.js";
import { SCRIPT } from "../languages.js";
import type { Match } from "./match.js";
import type { FileFacts, Rule } from "./rule.js";
import { structureRule } from "./structure-rule.js";

/** The consequence of a failure: the statements after a `return`, or the variable's initial value. */
const RETURNS = { has: { field: "body", has: { kind: "return_statement", stopBy: "end" as const } } };
const ASSIGNS = { has: { field: "body", regex: "^\\{\\s*[\\w.]+\\s*=[^={};][^{};]*;?\\s*\\}$" } };
const HAS_FALLBACK = {
  inside: { kind: "try_statement", any: [{ all: [{ precedes: { regex: "^[^}]" } }, RETURNS] }, ASSIGNS] },
};

/** Cleanup of something that already failed or is unwanted; its failure needs no handling. */
const GIVES_UP = "\\.(abort|cancel|destroy|terminate|kill|dispose)\\([^()]*\\)\\.catch$";

const asked = structureRule({
  id: "swallowed-error",
  severity: "notice",
  byDefault: "off",
  why: "The error disappears: handle it, log it, or explain in a comment why it can be ignored.",
  says: say`This handler drops the error.`,
  concerns: (path) => !isTest(path),
  queries: [
    {
      languages: SCRIPT,
      rule: {
        kind: "catch_clause",
        has: { field: "body", kind: "statement_block", regex: "^\\{\\s*\\}$" },
        not: HAS_FALLBACK,
      },
    },
    {
      languages: SCRIPT,
      rule: {
        kind: "call_expression",
        all: [
          { has: { field: "function", regex: "\\.catch$", not: { regex: GIVES_UP } } },
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

/** An error is caught without any handling, and no comment explains why. */
export const swallowedError: Rule<"swallowed-error"> = {
  ...asked,
  inFile: (facts) => (asked.inFile?.(facts) ?? []).filter((match) => !isExplained(match, facts)),
};

const COMMENT_AFTER_CODE = /(?:^|\s)(?:\/\/|\/\*|# )/;
const ONLY_COMMENT = /^\s*(?:\/\/|\/\*|\*|#)/;

/** A comment beside it or right above it; the queries find comments inside. */
function isExplained({ line }: Match, { file }: FileFacts): boolean {
  const lines = file.text?.split("\n") ?? [];
  const at = line ?? 0;
  return COMMENT_AFTER_CODE.test(lines[at - 1] ?? "") || ONLY_COMMENT.test(lines[at - 2] ?? "");
}
