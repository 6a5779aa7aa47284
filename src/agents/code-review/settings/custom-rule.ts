import { z } from "zod";
import { globList } from "../../../settings/glob-setting.js";
import { astRule } from "../inspect/ast-rule.js";
import { LANGUAGES } from "../languages.js";
import { SEVERITIES } from "../rules/rule.js";

const WAYS = ["pattern", "rule", "line"] as const;

/** A rule of the organisation's own. What it looks for is given in one of three ways. */
export const customRule = z
  .strictObject({
    message: z.string().min(1).max(500).describe("What is wrong and what to do, shown to the author of the change"),
    severity: z.enum(SEVERITIES).default("warning"),
    languages: z.array(z.enum(LANGUAGES)).min(1).optional().describe("Needed for `pattern` and `rule`"),
    pattern: z
      .string()
      .min(1)
      .optional()
      .describe("Code to look for, with `$NAME` and `$$$NAME` for anything (ast-grep's pattern syntax)"),
    rule: astRule.optional().describe("A rule object of ast-grep, for what a pattern cannot say"),
    line: z
      .string()
      .min(1)
      .max(500)
      .refine(isExpression, "is no regular expression (JavaScript's, with the flag u)")
      .optional()
      .describe("A regular expression for single lines of any file"),
    fix: z
      .string()
      .optional()
      .describe("What a match should be instead, with the names of the pattern; empty: the line should go"),
    paths: globList.optional().describe("Only these files (globs)"),
  })
  .check((context) => {
    const given = WAYS.filter((way) => context.value[way] !== undefined);
    if (given.length !== 1)
      context.issues.push({
        code: "custom",
        input: context.value,
        path: [],
        message: "give exactly one of `pattern`, `rule` and `line`",
      });
    else if (given[0] !== "line" && context.value.languages === undefined)
      context.issues.push({
        code: "custom",
        input: context.value,
        path: [],
        message: `\`${given[0]}\` needs \`languages\``,
      });
  });
/** One that takes too long is stopped where it runs, and its file is named as not read. */
function isExpression(source: string): boolean {
  try {
    return new RegExp(source, "u").source !== "";
  } catch {
    return false;
  }
}

export type CustomRule = Readonly<z.output<typeof customRule>>;
