import type { Said } from "../../text/say.js";
import type { Change } from "../change.js";
import type { Inspection, StructureQuery } from "../inspect/protocol.js";
import type { RuleOptions } from "./options.js";

/** From the mildest to the gravest; the names are those of check run annotations. */
export const SEVERITIES = ["notice", "warning", "failure"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** One place that a rule complains about. */
export interface Match {
  /** Null: the pull request as a whole. */
  readonly path: string | null;
  /** Line of the new file, one that the change adds; null: the file as a whole, or a line that is gone. */
  readonly line: number | null;
  readonly endLine?: number;
  readonly says: Said;
  /** What `line` should be, where that is mechanical; empty: the line should go. */
  readonly replacement?: string | null;
  /** Tells matches apart that have no line, or whose line must not be looked at. */
  readonly identity?: string;
}

/** All that a rule may look at. */
export interface RuleFacts {
  readonly change: Change;
  /** By path: what the parsers answered. */
  readonly inspections: ReadonlyMap<string, Inspection>;
  readonly options: RuleOptions;
}

/** One thing to look for. Pure: the same facts give the same matches. */
export interface Rule<Id extends string = string> {
  readonly id: Id;
  readonly severity: Severity;
  /** One line for the author of the change: why it matters. */
  readonly why: string;
  /** Asked of each file before `check`, together with those of all other rules. */
  readonly queries?: readonly StructureQuery[];
  /** The files that the queries are asked of; default all. */
  concerns?(path: string, options: RuleOptions): boolean;
  check(facts: RuleFacts): readonly Match[];
}
