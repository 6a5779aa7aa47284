import type { DiffFile, DiffLine } from "./diff.js";

export interface NumberedLine {
  readonly line: number;
  readonly text: string;
}

/** Lines that the change adds, with their numbers in the new file. */
export function addedLines(file: Pick<DiffFile, "hunks">): readonly NumberedLine[] {
  return linesOf(file).flatMap(({ kind, newLine, text }) =>
    kind === "added" && newLine !== null ? [{ line: newLine, text }] : [],
  );
}

/** Lines that the change removes, with their numbers in the old file. */
export function removedLines(file: Pick<DiffFile, "hunks">): readonly NumberedLine[] {
  return linesOf(file).flatMap(({ kind, oldLine, text }) =>
    kind === "removed" && oldLine !== null ? [{ line: oldLine, text }] : [],
  );
}

/** Numbers in the old file of removed lines, and of lines beside added ones. */
export function touchedLines(file: Pick<DiffFile, "hunks">): readonly number[] {
  return linesOf(file).flatMap(({ oldLine }) => oldLine ?? []);
}

/** The new file's numbers of the added lines. */
export function addedNumbers(file: Pick<DiffFile, "hunks">): ReadonlySet<number> {
  return new Set(addedLines(file).map(({ line }) => line));
}

/** Added plus removed lines. */
export function changedLineCount(file: Pick<DiffFile, "hunks">): number {
  return linesOf(file).filter(({ kind }) => kind !== "context").length;
}

function linesOf(file: Pick<DiffFile, "hunks">): readonly DiffLine[] {
  return file.hunks.flatMap(({ lines }) => lines);
}
