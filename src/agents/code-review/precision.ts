import type { ReviewSettings } from "./settings/settings.js";
import type { RuleId } from "./rules/registry.js";

/** The fate of a rule's posted findings. */
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

/** Rules that dismissals must not mute: one right finding outweighs a hundred wrong ones. */
const NEVER_MUTE: ReadonlySet<string> = new Set<RuleId>([
  "secret",
  "workflow-head-checkout",
  "workflow-script-injection",
]);

/**
 * Rules whose findings people mostly dismiss. They still run and are recorded, but their findings are not posted,
 * unless the settings give them a severity.
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
