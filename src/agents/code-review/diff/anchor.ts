import type { DiffFile, Hunk } from "./diff.js";

/** Where a review comment may sit: lines of the new file inside one hunk. */
export interface Anchor {
  readonly startLine: number;
  readonly line: number;
}

/**
 * The part of `startLine..endLine` that GitHub accepts a comment on: a range must lie within one hunk, on lines that
 * the diff shows. The hunk of `startLine` wins; null when that line is not in the diff.
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
