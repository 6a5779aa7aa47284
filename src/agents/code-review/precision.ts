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

/** Rules that people mostly dismiss. They keep being run and recorded, and say nothing. */
export function mutedRules(records: readonly RuleRecord[]): readonly MutedRule[] {
  return records
    .filter(({ shown }) => shown >= ENOUGH)
    .map(({ rule, shown, dismissed }) => ({ rule, shown, precision: (shown - dismissed) / shown }))
    .filter(({ precision }) => precision < LEAST_PRECISION);
}
