/** One line of a hunk. */
export interface DiffLine {
  readonly kind: "added" | "removed" | "context";
  /** Without the sign and the line end. */
  readonly text: string;
  /** Line number in the old file; null for an added line. */
  readonly oldLine: number | null;
  /** Line number in the new file; null for a removed line. */
  readonly newLine: number | null;
  /** GitHub's `position`: lines below the file's first `@@`, from 1, later `@@` lines counted. */
  readonly position: number;
  /** The file ends here without a line end. */
  readonly noNewline: boolean;
}

export interface Hunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  readonly lines: readonly DiffLine[];
}

export type FileStatus = "added" | "modified" | "removed" | "renamed" | "copied";
export type FileKind = "file" | "symlink" | "submodule";

/** The part of a diff about one file. */
export interface DiffFile {
  /** In the new tree; for a removed file, in the old one. */
  readonly path: string;
  /** The former path, if it was renamed or copied. */
  readonly previousPath: string | null;
  readonly status: FileStatus;
  readonly kind: FileKind;
  readonly oldMode: string | null;
  readonly newMode: string | null;
  readonly binary: boolean;
  readonly hunks: readonly Hunk[];
  /** The diff ends or breaks inside this file, so a part was not read. */
  readonly truncated: boolean;
}
