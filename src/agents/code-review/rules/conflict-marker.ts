import { say } from "../../../text/say.js";
import type { ChangedFile } from "../change.js";
import { addedLines, type NumberedLine } from "../diff/lines.js";
import { isFixture } from "../file-role.js";
import { SCRIPT } from "../languages.js";
import type { Match } from "./match.js";
import type { Rule } from "./rule.js";

const OURS = /^<{7}(?: |$)/;
const BASE = /^\|{7}(?: |$)/;
const MIDDLE = /^={7}$/;
const THEIRS = /^>{7}(?: |$)/;

/**
 * What git leaves in a file when a merge fails. A row of seven equals signs underlines headings in some markup, so it
 * counts only where another marker was added too. In a string, a fence of Markdown or a fixture they are text.
 */
export const conflictMarker: Rule<"conflict-marker"> = {
  id: "conflict-marker",
  severity: "failure",
  why: "A merge conflict was committed unresolved: the file holds both versions and git's markers.",
  queries: [
    {
      languages: SCRIPT,
      rule: { kind: "template_string", regex: "(?m)^(<{7}|>{7}|={7}|\\|{7})" },
    },
    { languages: ["python"], rule: { kind: "string", regex: "(?m)^(<{7}|>{7}|={7}|\\|{7})" } },
    { languages: ["go"], rule: { kind: "raw_string_literal", regex: "(?m)^(<{7}|>{7}|={7}|\\|{7})" } },
  ],
  inFile: ({ file, matches }) => {
    if (isFixture(file.path)) return [];
    const strings = matches.filter(({ rule }) => rule === "conflict-marker");
    const fenced = fencedLines(file);
    const isText = (line: number) =>
      fenced.has(line) || strings.some(({ startLine, endLine }) => startLine < line && line <= endLine);
    const lines = addedLines(file)
      .filter(({ line }) => !isText(line))
      .map(({ line, text }) => ({ line, text: text.trimEnd() }));
    const certain = lines.filter(({ text }) => OURS.test(text) || THEIRS.test(text) || BASE.test(text));
    return certain.length === 0 ? [] : lines.filter(isMarker).map(({ line }) => matchAt(file.path, line));
  },
};

/** Lines of a Markdown file between fences: they show something. */
function fencedLines({ path, text }: ChangedFile): ReadonlySet<number> {
  const fenced = new Set<number>();
  if (text === null || !/\.(?:md|mdx|markdown)$/i.test(path)) return fenced;
  let fence = "";
  text.split("\n").forEach((line, index) => {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? "";
    if (fence !== "") fenced.add(index + 1);
    if (fence === "") fence = mark;
    else if (mark.startsWith(fence) && line.trim() === mark) fence = "";
  });
  return fence === "" ? fenced : new Set();
}

function isMarker({ text }: NumberedLine): boolean {
  return [OURS, BASE, MIDDLE, THEIRS].some((marker) => marker.test(text));
}

function matchAt(path: string, line: number): Match {
  return { path, line, says: say`This is a conflict marker.` };
}
