import type { ChangedFile } from "./change.js";
import { addedLines, removedLines } from "./diff/lines.js";

/** The shortest line, in characters, that is distinctive: `} catch {` occurs everywhere. */
const DISTINCTIVE = 20;

/**
 * Lines that the change removes in one place and adds in another. They existed before, so the change does not introduce
 * them.
 */
export interface Moved {
  /** Whether these added lines of a file stood elsewhere before, possibly with another variable's name. */
  isMoved(path: string, line: number, endLine: number): boolean;
}

/**
 * Compares with the removed lines of all files. Each removed line accounts for one added line, so a copy counts as new.
 */
export function movedIn(files: readonly ChangedFile[]): Moved {
  const places = new Map<string, number[]>();
  const removed: string[] = [];
  for (const file of files) {
    for (const { text } of removedLines(file)) {
      const form = formOf(text);
      if (form === "") continue;
      places.set(form, [...(places.get(form) ?? []), removed.length]);
      removed.push(form);
    }
    removed.push("");
  }
  const texts = new Map<string, ReadonlyMap<number, string>>();
  const textsOf = (path: string) => {
    const known = texts.get(path);
    if (known) return known;
    const file = files.find((each) => each.path === path);
    const read = new Map(file ? addedLines(file).map(({ line, text }) => [line, formOf(text)]) : []);
    texts.set(path, read);
    return read;
  };
  return {
    isMoved: (path, line, endLine) => {
      const added = textsOf(path);
      const wanted = Array.from({ length: endLine - line + 1 }, (_, index) => added.get(line + index) ?? "").filter(
        (form) => form !== "",
      );
      const [first] = wanted;
      if (first === undefined) return false;
      const above = added.get(line - 1) ?? "";
      const starts = places.get(first) ?? [];
      const start = starts.findIndex((at) => {
        if (!wanted.every((form, index) => removed[at + index] === form)) return false;
        return wanted.join("").length >= DISTINCTIVE || (above !== "" && removed[at - 1] === above);
      });
      if (start < 0) return false;
      starts.splice(start, 1);
      return true;
    },
  };
}

/** A line without indentation, its last comma and the names of its objects and variables. */
function formOf(text: string): string {
  return text
    .trim()
    .replace(/[,;]$/, "")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/\b[a-z_]\w*(?=\.\w)/gi, "_")
    .replace(/^(?:export )?(?:const|let|var) \w+/, "const _");
}
