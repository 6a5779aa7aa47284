import type { ModelCost } from "../model/tally.js";
import type { ReviewSettings } from "./settings/settings.js";
import type { Finding } from "./finding.js";
import type { FingerprintKey } from "./inspect-change.js";
import type { Inspection } from "./inspect/protocol.js";
import type { ReviewSubject } from "./subject.js";

/** The input of a second reader: the rules' input and findings. */
export interface SecondReading {
  readonly subject: ReviewSubject;
  readonly settings: ReviewSettings;
  /** By path: the parsers' answers, including the lines of secrets. */
  readonly inspections: ReadonlyMap<string, Inspection>;
  readonly found: readonly Finding[];
  readonly key: FingerprintKey;
}

export interface SecondFindings {
  /** With `source: "model"`, a rule id of their own (`model/…`), and on added lines. */
  readonly findings: readonly Finding[];
  /** The report for the run's row; null: no reader was used. */
  readonly reason: string | null;
  /** The cost of the questions, if it is counted; null: no question. */
  readonly cost?: ModelCost | null;
}

/**
 * The interface for findings that no rule can make. They are reconciled, selected, muted and posted like all others. It
 * must not throw because of a model's answer or failure, and the review is complete without it.
 */
export type SecondReader = (reading: SecondReading) => Promise<SecondFindings>;

export const NO_SECOND_READER: SecondReader = () => Promise.resolve({ findings: [], reason: null });
