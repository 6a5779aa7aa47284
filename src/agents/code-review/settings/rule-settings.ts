import { z } from "zod";
import type { Layer } from "../../../settings/parse.js";
import { customId } from "../inspect-change.js";
import { RULES } from "../rules/registry.js";
import type { Rule } from "../rules/rule.js";
import type { ReviewSettings, RuleLevel } from "./settings.js";

/** What a rule is set to, and by which file. */
export interface RuleSetting {
  readonly rule: string;
  /** The globs of a setting for parts of the repository; empty: it holds everywhere else. */
  readonly paths: readonly string[];
  readonly level: RuleLevel;
  /** `default`, or the name of the layer that says so. */
  readonly setBy: string;
  /** `none`: the settings name a rule of their own that no file defines. */
  readonly effect: "rule" | "none";
}

const levels = z.record(z.string(), z.string()).catch({});
const Written = z
  .object({
    review: z.object({
      rules: levels,
      paths: z.json().optional(),
      customRules: z.record(z.string(), z.unknown()).catch({}),
    }),
  })
  .catch({ review: { rules: {}, paths: undefined, customRules: {} } });

/**
 * What each rule is set to under these settings, and why: the built-in rules in their order, then those of the settings.
 * `layers` are the files as they were written, the lowest first.
 */
export function ruleSettings(
  settings: ReviewSettings,
  layers: readonly (readonly [name: string, layer: Layer])[],
): readonly RuleSetting[] {
  const written = layers.map(([name, layer]) => ({ name, ...Written.parse(layer).review }));
  const own = Object.entries(settings.customRules).map(([name, { severity }]) => ({ id: customId(name), severity }));
  const known: readonly Pick<Rule, "id" | "severity" | "byDefault">[] = [...RULES, ...own];
  const ids = new Set(known.map(({ id }) => id));
  const general = new Map<string, RuleLevel>(Object.entries(settings.rules));
  const setBy = (rule: string) => written.findLast(({ rules }) => Object.hasOwn(rules, rule))?.name;
  const definedBy = (rule: string) =>
    written.findLast(({ customRules }) => Object.keys(customRules).some((name) => customId(name) === rule))?.name;
  const partsBy = written.findLast(({ paths }) => paths !== undefined)?.name ?? "default";
  const unknown = [...general.keys()].filter((rule) => !ids.has(rule));
  return [
    ...known.map(({ id, severity, byDefault }) => ({
      rule: id,
      paths: [],
      level: general.get(id) ?? byDefault ?? severity,
      setBy: setBy(id) ?? definedBy(id) ?? "default",
      effect: "rule" as const,
    })),
    ...unknown.map((rule) => ({
      rule,
      paths: [],
      level: general.get(rule) ?? "off",
      setBy: setBy(rule) ?? "default",
      effect: "none" as const,
    })),
    ...settings.paths.flatMap(({ match, rules }) =>
      Object.entries(rules).map(([rule, level]) => ({
        rule,
        paths: match,
        level,
        setBy: partsBy,
        effect: ids.has(rule) ? ("rule" as const) : ("none" as const),
      })),
    ),
  ];
}
