import type { ReviewSettings } from "./settings/settings.js";
import type { RuleId } from "./rules/registry.js";

/** What became of a rule's findings that people have seen. */
export interface RuleRecord {
  readonly rule: string;
  readonly shown: number;
  /** Dismissed or ignored by people. */
  readonly dismissed: number;
}

export interface MutedRule {
  readonly rule: string;
  /** Share of findings that were not dismissed, from 0 to 1. */
  readonly precision: number;
  readonly shown: number;
}

const ENOUGH = 20;
const LEAST_PRECISION = 0.5;

/** What dismissals must not silence: one finding that is right is worth a hundred that are not. */
const NEVER_MUTE: ReadonlySet<string> = new Set<RuleId>([
  "secret",
  "workflow-head-checkout",
  "workflow-script-injection",
]);

/**
 * Rules that people mostly dismiss. They keep being run and recorded, and say nothing, unless the settings give them a
 * severity: then somebody wants to hear of them.
 */
export function mutedRules(
  records: readonly RuleRecord[],
  { rules, paths }: Pick<ReviewSettings, "rules" | "paths">,
): readonly MutedRule[] {
  const levels = [rules, ...paths.map((part) => part.rules)].flatMap((part) => Object.entries(part));
  const wanted = new Set(levels.flatMap(([rule, level]) => (level === "off" ? [] : [rule])));
  return records
    .filter(({ rule, shown }) => shown >= ENOUGH && !NEVER_MUTE.has(rule) && !wanted.has(rule))
    .map(({ rule, shown, dismissed }) => ({ rule, shown, precision: (shown - dismissed) / shown }))
    .filter(({ precision }) => precision < LEAST_PRECISION);
}
