import type { Said } from "../../text/say.js";
import type { Severity } from "./rules/rule.js";

/** One finding, ready to be shown and to be recognised again. */
export interface Finding {
  /** A rule's id, or `custom/<name>` for a custom rule. */
  readonly rule: string;
  readonly severity: Severity;
  /** The source: a rule, or a model, whose findings are labelled. */
  readonly source: "rule" | "model";
  readonly says: Said;
  /** Null when the message is complete, as with custom rules. */
  readonly why: string | null;
  /** Null: the whole pull request. */
  readonly path: string | null;
  /** An added line of the new file; null: the whole file. */
  readonly line: number | null;
  readonly endLine: number | null;
  /** The line's text; null: no line, or the line must not be shown. */
  readonly quote: string | null;
  /** The replacement of the line, if the fix is mechanical; empty: remove the line. */
  readonly replacement: string | null;
  /** The fingerprint stays the same when lines above the finding move or its indentation changes. */
  readonly fingerprint: string;
}
