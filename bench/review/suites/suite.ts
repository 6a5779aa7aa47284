import type { GivenFile } from "../../../src/agents/code-review/given.js";
import type { Layer } from "../../../src/settings/parse.js";

/** One input of somebody else's suite. */
export interface SuiteCase {
  /** What is counted together: a kind of fault, by the suite's own name. */
  readonly group: string;
  readonly file: GivenFile;
  /** The rules that are asked; default: all of the suite's. */
  readonly rules?: readonly string[];
  /** Where it stands in the suite. */
  readonly note?: string;
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
  /** Lines by which a finding may stand beside the expected one: linters name the block or the value. */
  readonly tolerance?: number;
  readonly leastRecall: number;
  readonly mostFalse: number;
  /** Reads the suite's files from its folder. */
  cases(folder: string): readonly SuiteCase[];
}
