import type { InspectRequest, StructureMatch } from "./protocol.js";
import type { Answers } from "./structure.js";

/** Matches regular expressions against each line. Expressions may be slow, so the caller needs a time limit. */
export function askLines(lines: readonly string[], patterns: InspectRequest["lines"]): Answers {
  const matches: StructureMatch[] = [];
  const refused: { rule: string; problem: string }[] = [];
  for (const { rule, pattern } of patterns) {
    try {
      const test = new RegExp(pattern, "u");
      lines.forEach((text, index) => {
        const line = index + 1;
        if (test.test(text)) matches.push({ rule, startLine: line, endLine: line, line, replacement: null });
      });
    } catch (error) {
      refused.push({ rule, problem: error instanceof Error ? error.message : String(error) });
    }
  }
  return { matches, refused };
}
