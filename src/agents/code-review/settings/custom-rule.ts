import { z } from "zod";
import { globList } from "../../../settings/glob-setting.js";
import { astRule } from "../inspect/ast-rule.js";
import { LANGUAGES } from "../languages.js";
import { SEVERITIES } from "../rules/rule.js";

const WAYS = ["pattern", "rule", "line"] as const;

/** An organisation's own rule, with one of three kinds of matchers. */
export const customRule = z
  .strictObject({
    message: z.string().min(1).max(500).describe("What is wrong and what to do, shown to the author of the change"),
    severity: z.enum(SEVERITIES).default("warning"),
    languages: z.array(z.enum(LANGUAGES)).min(1).optional().describe("Required with `pattern` and `rule`"),
    pattern: z
      .string()
      .min(1)
      .optional()
      .describe("The code to find, with `$NAME` and `$$$NAME` as placeholders (ast-grep's pattern syntax)"),
    rule: astRule.optional().describe("A rule object of ast-grep, when a pattern is not enough"),
    line: z
      .string()
      .min(1)
      .max(500)
      .refine(isExpression, "is not a valid JavaScript regular expression (with the flag u)")
      .optional()
      .describe("A regular expression for single lines of any file"),
    fix: z
      .string()
      .optional()
      .describe("The replacement of a match, with the placeholders of the pattern; empty: remove the line"),
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
/** A rule that takes too long is stopped at run time, and its file is reported as not read. */
function isExpression(source: string): boolean {
  try {
    return new RegExp(source, "u").source !== "";
  } catch {
    return false;
  }
}

export type CustomRule = Readonly<z.output<typeof customRule>>;
