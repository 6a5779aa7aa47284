import { globs } from "../../glob.js";
import type { RuleOptions } from "../rules/options.js";
import type { ReviewSettings, RuleLevel } from "./settings.js";

/** A rule's severity in a file: from the last matching settings per path, else the general settings, else the rule. */
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

/** A rule's options in a file: for each option from the last matching settings per path, else the general settings. */
export function optionsIn({
  options,
  paths,
}: Pick<ReviewSettings, "options" | "paths">): (path: string) => RuleOptions {
  const parts = paths.map((part) => ({ covers: globs(part.match), options: part.options }));
  return (path) =>
    parts.reduce<RuleOptions>((held, part) => (part.covers(path) ? { ...held, ...part.options } : held), options);
}
