import { addedMatches } from "../rules/structure-rule.js";
import type { Match } from "../rules/match.js";
import { RULES } from "../rules/registry.js";
import type { FileFacts, Rule } from "../rules/rule.js";
import { oursOnly, say } from "../../../text/say.js";
import { coversSecret } from "./may-hold-secret.js";
import type { Inspection } from "./protocol.js";

/** The most findings of one rule in one file; others are counted. */
export const MOST_IN_A_FILE = 100;

/**
 * The findings of all rules in one file, custom rules by their ids. A rule that throws is reported, and the others
 * continue. On a line with a secret, a match keeps its position and only the app's own words.
 */
export function checkFile(
  facts: FileFacts,
  own: readonly string[],
  rules: readonly Pick<Rule, "id" | "inFile">[] = RULES,
): Pick<Inspection, "found" | "more" | "failed"> {
  const all = [...rules, ...own.map(ownRule)];
  const failed: string[] = [];
  const more: { rule: string; count: number }[] = [];
  const found = all.flatMap(({ id, inFile }) => {
    try {
      const matches = inFile?.(facts) ?? [];
      if (matches.length > MOST_IN_A_FILE) more.push({ rule: id, count: matches.length - MOST_IN_A_FILE });
      return matches.slice(0, MOST_IN_A_FILE).map((match) => ({ rule: id, match: withoutSecret(id, match, facts) }));
    } catch {
      failed.push(id);
      return [];
    }
  });
  return { found, more, failed };
}

function ownRule(id: string): Pick<Rule, "id" | "inFile"> {
  return { id, inFile: (facts) => addedMatches(facts, id).map((match) => ({ ...match, says: say`` })) };
}

function withoutSecret(rule: string, match: Match, { secrets }: FileFacts): Match {
  const { line, endLine, says } = match;
  if (line === null || !coversSecret(secrets, line, endLine)) return match;
  return { ...match, says: rule === "secret" ? says : oursOnly(says), replacement: null };
}
