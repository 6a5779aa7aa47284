import type { GivenFile } from "../../../src/agents/code-review/given.js";
import type { Layer } from "../../../src/settings/parse.js";

/** One input of somebody else's suite. */
export interface SuiteCase {
  /** What is counted together: a kind of fault, by the suite's own name. */
  readonly group: string;
  readonly file: GivenFile;
  /** Lines that the suite marks as bad; `any`: the whole text is bad, wherever a finding stands; empty: it is good. */
  readonly bad: readonly number[] | "any";
  /** Lines that the suite marks as good beside bad ones; undefined: every line that is not bad. */
  readonly good?: readonly number[];
}

/** A suite and the rules of ours that answer its question. */
export interface Suite {
  readonly name: string;
  readonly rules: readonly string[];
  readonly settings?: Layer;
  readonly leastRecall: number;
  readonly mostFalse: number;
  /** Reads the suite's files from its folder. */
  cases(folder: string): readonly SuiteCase[];
}
