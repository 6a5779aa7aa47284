import type { DiffLine, Hunk } from "./diff.js";

export interface Patch {
  readonly hunks: readonly Hunk[];
  /** A hunk has fewer lines than its header declares, or contains a line that is not a diff line. */
  readonly truncated: boolean;
  /** How many of the given lines belong to the patch. */
  readonly consumed: number;
}

const HEADER = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** Reads the `patch` of one file, as `GET /pulls/{n}/files` gives it: hunks only, no file header. */
export function parsePatch(patch: string): Patch {
  const lines = patch.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const read = readHunks(lines);
  return read.consumed < lines.length ? { ...read, truncated: true } : read;
}

/** Reads consecutive hunks from the first line on. The counts in their headers give their lengths. */
export function readHunks(lines: readonly string[]): Patch {
  const hunks: Hunk[] = [];
  let at = 0;
  let position = 0;
  for (;;) {
    const header = HEADER.exec(lines[at] ?? "");
    if (!header) return { hunks, truncated: false, consumed: at };
    if (hunks.length > 0) position += 1;
    const { hunk, consumed, complete } = readHunk(lines, at + 1, header, position);
    hunks.push(hunk);
    at += 1 + consumed;
    position += consumed;
    if (!complete) return { hunks, truncated: true, consumed: at };
  }
}

interface Read {
  readonly hunk: Hunk;
  readonly consumed: number;
  readonly complete: boolean;
}

function readHunk(lines: readonly string[], start: number, header: RegExpExecArray, before: number): Read {
  const [oldStart, oldLines, newStart, newLines] = [header[1], header[2] ?? "1", header[3], header[4] ?? "1"].map(
    Number,
  );
  const sizes = { oldStart: oldStart ?? 0, oldLines: oldLines ?? 0, newStart: newStart ?? 0, newLines: newLines ?? 0 };
  const read: DiffLine[] = [];
  let [oldLine, newLine] = [sizes.oldStart, sizes.newStart];
  const oldEnd = oldLine + sizes.oldLines;
  const newEnd = newLine + sizes.newLines;
  let at = start;
  for (; oldLine < oldEnd || newLine < newEnd || lines[at]?.startsWith("\\"); at += 1) {
    const line = lines[at];
    const position = before + at - start + 1;
    if (line?.startsWith("\\")) markLast(read);
    else if (line?.startsWith("+") && newLine < newEnd)
      read.push({ kind: "added", text: line.slice(1), oldLine: null, newLine: newLine++, position, noNewline: false });
    else if (line?.startsWith("-") && oldLine < oldEnd)
      read.push({
        kind: "removed",
        text: line.slice(1),
        oldLine: oldLine++,
        newLine: null,
        position,
        noNewline: false,
      });
    else if (isContext(line) && newLine < newEnd && oldLine < oldEnd)
      read.push({
        kind: "context",
        text: line.slice(1),
        oldLine: oldLine++,
        newLine: newLine++,
        position,
        noNewline: false,
      });
    else return { hunk: { ...sizes, lines: read }, consumed: at - start, complete: false };
  }
  return { hunk: { ...sizes, lines: read }, consumed: at - start, complete: true };
}

/** Some mail programs strip the space of an empty context line. */
function isContext(line: string | undefined): line is string {
  return line !== undefined && (line === "" || line === "\r" || line.startsWith(" "));
}

/** `\ No newline at end of file` refers to the line above it. */
function markLast(lines: DiffLine[]): void {
  const last = lines.pop();
  if (last) lines.push({ ...last, noNewline: true });
}
