import type { DiffFile } from "./diff/diff.js";

/** A file of the change, with data beyond the diff. */
export interface ChangedFile extends DiffFile {
  /** The whole file at the head; null: binary, deleted, or not read. */
  readonly text: string | null;
  /** The whole file at the base; null: new, binary, or not read. */
  readonly baseText: string | null;
  /** Bytes at the head; null when unknown. */
  readonly size: number | null;
  /** GitHub shows no diff of it, so comments cannot be placed on its lines; it was read by content. */
  readonly undisplayed: boolean;
}

/** The data of the pull request that rules use. */
export interface PullRequestFacts {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  /** Issues that GitHub links as closed by it. */
  readonly linkedIssues: readonly number[];
}

/** One change, as the rules see it. */
export interface Change {
  readonly pullRequest: PullRequestFacts;
  readonly files: readonly ChangedFile[];
  /** Paths of the repository's lockfiles at the head. Empty: none. */
  readonly lockfiles: readonly string[];
}
