import type { DiffFile } from "./diff.js";
import { readFileHeader } from "./file-header.js";
import { readHunks } from "./parse-patch.js";

export interface ParsedDiff {
  readonly files: readonly DiffFile[];
  /** Lines (from 1) of the diff that belong to no readable file. If not empty, the result is partial. */
  readonly unreadLines: readonly number[];
}

/**
 * Reads a unified diff of git or of GitHub's `diff` media type. Never throws: unreadable parts are reported in
 * `truncated` of their file or in `unreadLines`.
 */
export function parseDiff(text: string): ParsedDiff {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const starts = fileStarts(lines);
  const unreadLines = [...lines.keys()].slice(0, starts[0] ?? lines.length).map((index) => index + 1);
  const files: DiffFile[] = [];
  starts.forEach((start, index) => {
    const file = readFile(lines.slice(start, starts[index + 1] ?? lines.length));
    if (file) files.push(file);
    else unreadLines.push(start + 1);
  });
  return { files, unreadLines: lines.length === 0 ? [] : unreadLines };
}

/** A content line always begins with a sign, so a line that begins with `diff --` can only start a file. */
function fileStarts(lines: readonly string[]): readonly number[] {
  return lines.flatMap((line, index) => (/^diff --(?:git|cc|combined) /.test(line) ? [index] : []));
}

function readFile(lines: readonly string[]): DiffFile | null {
  if (!lines[0]?.startsWith("diff --git ")) return null;
  const { consumed, path, ...header } = readFileHeader(lines);
  if (path === null) return null;
  const rest = lines.slice(consumed);
  const patch = readHunks(rest);
  const truncated = patch.truncated || (!header.binary && patch.consumed < rest.length);
  return { path, ...header, hunks: header.binary ? [] : patch.hunks, truncated };
}
