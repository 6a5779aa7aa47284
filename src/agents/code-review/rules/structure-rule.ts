import type { Said } from "../../../text/say.js";
import { addedNumbers } from "../diff/lines.js";
import type { StructureMatch, StructureQuery } from "../inspect/protocol.js";
import type { RuleOptions } from "./options.js";
import type { Match } from "./match.js";
import type { FileFacts, Rule, Severity } from "./rule.js";

interface StructureRuleSpec<Id extends string> {
  readonly id: Id;
  readonly severity: Severity;
  readonly byDefault?: "off";
  readonly why: string;
  readonly says: Said;
  readonly queries: readonly StructureQuery[];
  /** The files for the queries; default: all. */
  concerns?(path: string, options: RuleOptions): boolean;
}

/** Of TypeScript and JavaScript: not a branch of a condition, because `ready ? it : it.skip` is deliberate. */
export const DEPENDS_ON_NOTHING = {
  not: {
    any: [{ inside: { kind: "ternary_expression" } }, { inside: { kind: "if_statement", stopBy: "end" as const } }],
  },
};

/** A rule that consists of parser queries: it reports each match on an added line. */
export function structureRule<const Id extends string>(spec: StructureRuleSpec<Id>): Rule<Id> {
  const { id, severity, byDefault, why, queries, says, concerns = () => true } = spec;
  return {
    id,
    severity,
    ...(byDefault && { byDefault }),
    why,
    queries,
    concerns,
    followsMoves: true,
    inFile: (facts) =>
      concerns(facts.file.path, facts.options) ? addedMatches(facts, id).map((match) => ({ ...match, says })) : [],
  };
}

/** A rule's matches in one file that begin on an added line, each line once. */
export function addedMatches({ file, matches: all }: FileFacts, rule: string): readonly Omit<Match, "says">[] {
  const added = addedNumbers(file);
  const matches = all.flatMap((match) => {
    if (match.rule !== rule) return [];
    if (added.has(match.line)) return match;
    const { usedAt } = match;
    return usedAt !== undefined && added.has(usedAt) ? { ...match, line: usedAt, endLine: usedAt } : [];
  });
  const byLine = new Map<number, StructureMatch>(matches.map((match) => [match.line, match]));
  return [...byLine.values()].map(({ line, endLine, replacement }) => ({
    path: file.path,
    line,
    endLine: endLineOf(line, endLine, added),
    replacement,
  }));
}

/** Up to the match's end, limited to added lines and to ten lines. */
function endLineOf(line: number, end: number, added: ReadonlySet<number>): number {
  let last = line;
  while (last < end && last - line < 9 && added.has(last + 1)) last += 1;
  return last;
}
