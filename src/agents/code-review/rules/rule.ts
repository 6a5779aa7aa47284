import type { Advisory } from "../dependencies/advisory.js";
import type { Change, ChangedFile } from "../change.js";
import type { Inspection, SecretHit, StructureMatch, StructureQuery } from "../inspect/protocol.js";
import type { Moved } from "../moved.js";
import type { Match } from "./match.js";
import type { RuleOptions } from "./options.js";

/** From lowest to highest; the names are those of check run annotations. */
export const SEVERITIES = ["notice", "warning", "failure"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The data of one file that a rule may use. */
export interface FileFacts {
  readonly file: ChangedFile;
  /** The parser's answers to the rules' queries. */
  readonly matches: readonly StructureMatch[];
  readonly secrets: readonly SecretHit[];
  readonly options: RuleOptions;
}

/** The data of the whole change that a rule may use. */
export interface ChangeFacts {
  readonly change: Change;
  /** Lines that the change only moves or renames. */
  readonly moved: Moved;
  /** By path: the results of inspecting the files. */
  readonly inspections: ReadonlyMap<string, Inspection>;
  /** Advisories about versions that the change brings in. */
  readonly advisories: readonly Advisory[];
  /** The options for the whole change. */
  readonly options: RuleOptions;
  /** The options for one file, with settings per path. */
  optionsFor(path: string): RuleOptions;
}

/** One kind of problem to find. Pure: the same facts give the same matches. */
export interface Rule<Id extends string = string> {
  readonly id: Id;
  readonly severity: Severity;
  /** Whether moved or renamed code is left out, because its problems existed before. */
  readonly followsMoves?: boolean;
  /** Off unless the settings give it a severity, because too few of its findings are useful everywhere. */
  readonly byDefault?: "off";
  /** One line for the author of the change: why the finding matters. */
  readonly why: string;
  /** Run on each file before `inFile`, together with the queries of all other rules. */
  readonly queries?: readonly StructureQuery[];
  /** The files for the queries; default: all. */
  concerns?(path: string, options: RuleOptions): boolean;
  /**
   * Checks one file, in the parsing process and under its time limit, because the text may be hostile, also to regular
   * expressions.
   */
  inFile?(facts: FileFacts): readonly Match[];
  /** Checks the files together, in this process, by names, numbers and traits, without their texts. */
  inChange?(facts: ChangeFacts): readonly Match[];
}
