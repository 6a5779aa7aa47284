import { globs } from "../glob.js";
import type { ReviewSettings, RuleLevel } from "./review.js";

/** How grave a rule is in a file: the last of the per-path settings that says so, then the general one, then the rule. */
export function levelIn(
  settings: ReviewSettings,
): (rule: string, path: string | null, fallback: RuleLevel) => RuleLevel {
  const general = new Map<string, RuleLevel>(Object.entries(settings.rules));
  const parts = settings.paths.map(({ match, rules }) => ({
    covers: globs(match),
    rules: new Map<string, RuleLevel>(Object.entries(rules)),
  }));
  return (rule, path, fallback) => {
    const special = path === null ? undefined : parts.findLast(({ covers, rules }) => rules.has(rule) && covers(path));
    return special?.rules.get(rule) ?? general.get(rule) ?? fallback;
  };
}
