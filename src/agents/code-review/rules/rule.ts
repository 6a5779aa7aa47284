import type { Change, ChangedFile } from "../change.js";
import type { Inspection, SecretHit, StructureMatch, StructureQuery } from "../inspect/protocol.js";
import type { Moved } from "../moved.js";
import type { Match } from "./match.js";
import type { RuleOptions } from "./options.js";

/** From the mildest to the gravest; the names are those of check run annotations. */
export const SEVERITIES = ["notice", "warning", "failure"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** All that a rule may look at in one file. */
export interface FileFacts {
  readonly file: ChangedFile;
  /** What the parser answered to the rules' questions. */
  readonly matches: readonly StructureMatch[];
  readonly secrets: readonly SecretHit[];
  readonly options: RuleOptions;
}

/** All that a rule may look at in the change as a whole. */
export interface ChangeFacts {
  readonly change: Change;
  /** What the change only moves or renames. */
  readonly moved: Moved;
  /** By path: what came of looking into the files. */
  readonly inspections: ReadonlyMap<string, Inspection>;
  /** For the change as a whole. */
  readonly options: RuleOptions;
  /** For one file: settings per path may say something else. */
  optionsFor(path: string): RuleOptions;
}

/** One thing to look for. Pure: the same facts give the same matches. */
export interface Rule<Id extends string = string> {
  readonly id: Id;
  readonly severity: Severity;
  /** Whether code that the change moves or renames is no news: what it says holds wherever the code stands. */
  readonly followsMoves?: boolean;
  /** Off where the settings give it no severity: too little of what it says is useful everywhere. */
  readonly byDefault?: "off";
  /** One line for the author of the change: why it matters. */
  readonly why: string;
  /** Asked of each file before `inFile`, together with those of all other rules. */
  readonly queries?: readonly StructureQuery[];
  /** The files that the queries are asked of; default all. */
  concerns?(path: string, options: RuleOptions): boolean;
  /**
   * Looks into one file, in the process that parses and under its time limit: the text may be hostile, also to regular
   * expressions.
   */
  inFile?(facts: FileFacts): readonly Match[];
  /** Looks at how files go together, in this process: at names, numbers and what was noted of each file, not at texts. */
  inChange?(facts: ChangeFacts): readonly Match[];
}
