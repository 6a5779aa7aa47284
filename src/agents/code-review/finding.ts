import type { Said } from "../../text/say.js";
import type { Severity } from "./rules/rule.js";

/** One complaint, ready to be shown and to be known again. */
export interface Finding {
  /** A rule's id, or `custom/<name>` for one of the settings. */
  readonly rule: string;
  readonly severity: Severity;
  /** Who found it: a rule, or a model, whose findings are labelled as such. */
  readonly source: "rule" | "model";
  readonly says: Said;
  /** Null where the message says it all, as with the organisation's own rules. */
  readonly why: string | null;
  /** Null: the pull request as a whole. */
  readonly path: string | null;
  /** Line of the new file, one that the change adds; null: the file as a whole. */
  readonly line: number | null;
  readonly endLine: number | null;
  /** The line itself; null where there is none, or it must not be shown again. */
  readonly quote: string | null;
  /** What the line should be, where that is mechanical; empty: it should go. */
  readonly replacement: string | null;
  /** The same finding has the same fingerprint after lines above it moved or its indentation changed. */
  readonly fingerprint: string;
}
