import { say } from "../../../text/say.js";
import { addedLines, type NumberedLine } from "../diff/lines.js";
import type { Match } from "./match.js";
import type { Rule } from "./rule.js";

const OURS = /^<{7}(?: |$)/;
const BASE = /^\|{7}(?: |$)/;
const MIDDLE = /^={7}$/;
const THEIRS = /^>{7}(?: |$)/;

/**
 * What git leaves in a file when a merge fails. A row of seven equals signs underlines headings in some markup, so it
 * counts only where another marker was added too.
 */
export const conflictMarker: Rule<"conflict-marker"> = {
  id: "conflict-marker",
  severity: "failure",
  why: "A merge conflict was committed unresolved: the file holds both versions and git's markers.",
  inFile: ({ file }) => {
    const lines = addedLines(file).map(({ line, text }) => ({ line, text: text.trimEnd() }));
    const certain = lines.filter(({ text }) => OURS.test(text) || THEIRS.test(text) || BASE.test(text));
    return certain.length === 0 ? [] : lines.filter(isMarker).map(({ line }) => matchAt(file.path, line));
  },
};

function isMarker({ text }: NumberedLine): boolean {
  return [OURS, BASE, MIDDLE, THEIRS].some((marker) => marker.test(text));
}

function matchAt(path: string, line: number): Match {
  return { path, line, says: say`This is a conflict marker.` };
}
