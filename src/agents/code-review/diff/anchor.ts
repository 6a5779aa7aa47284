import type { DiffFile, Hunk } from "./diff.js";

/** The lines on which GitHub accepts a review comment: lines of the new file inside one hunk. */
export interface Anchor {
  readonly startLine: number;
  readonly line: number;
}

/**
 * The part of `startLine..endLine` on which GitHub accepts a comment: a range must be in one hunk, on lines of the
 * diff. The hunk of `startLine` is used; null when that line is not in the diff.
 */
export function anchorIn(file: Pick<DiffFile, "hunks">, startLine: number, endLine: number): Anchor | null {
  const hunk = file.hunks.find((candidate) => shows(candidate, startLine));
  if (!hunk) return null;
  let line = startLine;
  while (line < endLine && shows(hunk, line + 1)) line += 1;
  return { startLine, line };
}

function shows(hunk: Hunk, line: number): boolean {
  return hunk.lines.some(({ newLine }) => newLine === line);
}
