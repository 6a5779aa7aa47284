import type { DiffFile } from "./diff/diff.js";

/** A file of the change with what is known beside the diff. */
export interface ChangedFile extends DiffFile {
  /** The whole file at the head; null when it is binary, gone, or was not read. */
  readonly text: string | null;
  /** The whole file at the base; null when it is new, binary, or was not read. */
  readonly baseText: string | null;
  /** Bytes at the head; null when unknown. */
  readonly size: number | null;
  /** GitHub shows no diff of it, so that no comment can stand on its lines: it was read by its content. */
  readonly undisplayed: boolean;
}

/** What the rules know of the pull request around the diff. */
export interface PullRequestFacts {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  /** Issues that GitHub links as closed by it. */
  readonly linkedIssues: readonly number[];
}

/** One change as the rules see it. */
export interface Change {
  readonly pullRequest: PullRequestFacts;
  readonly files: readonly ChangedFile[];
  /** Paths of the lockfiles that the repository keeps at the head. Empty: it keeps none. */
  readonly lockfiles: readonly string[];
}
