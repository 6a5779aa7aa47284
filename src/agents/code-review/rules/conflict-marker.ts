import { say } from "../../../text/say.js";
import type { ChangedFile } from "../change.js";
import { addedLines, type NumberedLine } from "../diff/lines.js";
import { isFixture } from "../file-role.js";
import { languageOf } from "../languages.js";
import type { Match } from "./match.js";
import type { Rule } from "./rule.js";

const OURS = /^<{7}(?: |$)/;
const BASE = /^\|{7}(?: |$)/;
const MIDDLE = /^={7}$/;
const THEIRS = /^>{7}(?: |$)/;

/**
 * Git's markers of a failed merge. Seven equals signs also underline headings, so they count only with another marker.
 * Markers in strings, Markdown fences or fixtures are text.
 */
export const conflictMarker: Rule<"conflict-marker"> = {
  id: "conflict-marker",
  severity: "failure",
  why: "A merge conflict was committed unresolved: the file holds both versions and git's markers.",
  inFile: ({ file }) => {
    if (isFixture(file.path)) return [];
    const text = textLines(file);
    const lines = addedLines(file)
      .filter(({ line }) => !text.has(line))
      .map(({ line, text }) => ({ line, text: text.trimEnd() }));
    const certain = lines.filter(({ text }) => OURS.test(text) || THEIRS.test(text) || BASE.test(text));
    return certain.length === 0 ? [] : lines.filter(isMarker).map(({ line }) => matchAt(file.path, line));
  },
};

/** Lines inside Markdown fences or multi-line strings. */
function textLines({ path, text }: ChangedFile): ReadonlySet<number> {
  if (text === null) return new Set();
  if (/\.(?:md|mdx|markdown)$/i.test(path)) return fencedLines(text);
  const language = languageOf(path);
  return language === null ? new Set() : stringLines(text, language === "python" ? PYTHON_QUOTE : BACKTICK);
}

const BACKTICK = /(?<!\\)`/g;
const PYTHON_QUOTE = /"""|'''/g;

/** Without a parser, because a real conflict breaks parsing: checks for unclosed quotes above the line. */
function stringLines(text: string, quote: RegExp): ReadonlySet<number> {
  const inside = new Set<number>();
  let isOpen = false;
  text.split("\n").forEach((line, index) => {
    if (isOpen) inside.add(index + 1);
    if ((line.match(quote)?.length ?? 0) % 2 === 1) isOpen = !isOpen;
  });
  return isOpen ? new Set() : inside;
}

function fencedLines(text: string): ReadonlySet<number> {
  const fenced = new Set<number>();
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
