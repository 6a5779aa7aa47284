import type { Fact } from "../facts/fact.js";
import type { GitHubClient } from "../github/client.js";
import type { Absence } from "../store/sync/absence.js";
import type { ChecksState } from "../store/sync/checks.js";
import type { CursorRow, NewCursor } from "../store/sync/cursors.js";
import type { PullRequestExtras } from "../store/sync/pull-request-extras.js";
import type { Sql } from "../store/store.js";
import type { PageSize } from "./run/page-size.js";

/** The entities that a repository's cursors read, in order of usefulness. */
export const ENTITIES = ["pull_requests", "issues", "comments", "commits", "deployments", "releases"] as const;
export type EntityName = (typeof ENTITIES)[number];

/** The lists over all repositories that an account's cursors read. */
export const SURVEYS = [
  "repositories",
  "totals",
  "added",
  "activity",
  "selection",
  "checks",
  "search",
  "subject",
] as const;
export type SurveyName = (typeof SURVEYS)[number];

/** Lists that are compared with the rows because their entries have no version. */
export const INVENTORIES = ["pull_request_ids", "issue_ids", "labels"] as const;
export type InventoryName = (typeof INVENTORIES)[number];

export type UnitName = EntityName | SurveyName | InventoryName | "repository";

/** The data of a repository that a reading needs. */
export interface SyncedRepository {
  readonly id: number;
  /** GraphQL's id, which survives a rename. */
  readonly nodeId: string;
  readonly owner: string;
  readonly name: string;
}

/** The tools for reading one page. */
export interface Reading {
  /** A client whose calls wait for their turn in the installation's budget. */
  readonly client: GitHubClient;
  readonly sql: Sql;
  readonly installationId: bigint;
  /** The account that the app is installed on. */
  readonly account: string;
  /** Whether the allow and deny lists include the repository `owner/name`. */
  allows(repository: string): boolean;
  /** The repository of the page; null for a survey. */
  readonly repository: SyncedRepository | null;
  readonly cursor: CursorRow;
  readonly mode: SyncMode;
  /** The subject of a spot run: `owner/name` or `owner/name#number`. */
  readonly subject: string | null;
  readonly pageSize: number;
  /** A page size for secondary data, kept for the whole run. */
  sizeOf(what: string, largest: number): PageSize;
  /** The start of this reading: the time at which its facts were observed. */
  readonly observedAt: Date;
}

export const MODES = ["full", "incremental", "reconcile", "spot"] as const;
export type SyncMode = (typeof MODES)[number];

/** The content of one page, and where the list continues. */
export interface Page {
  readonly facts: readonly Fact[];
  readonly extras?: readonly PullRequestExtras[];
  /** Check results of pull requests that are not read completely. */
  readonly checks?: readonly ChecksState[];
  /** The repository of the labels. Issues and pull requests with these labels take their new names. */
  readonly labelsOf?: number;
  /** Rows that no longer exist at GitHub. */
  readonly absences?: readonly Absence[];
  /** Cursors that this page found. */
  readonly found?: readonly NewCursor[];
  /** The number of items on the page, for the progress. */
  readonly rows: number;
  /** The total number of items, if GitHub gives it. */
  readonly total: number | null;
  /** The next position; null at the end. */
  readonly next: string | null;
  /** The start of the list, stored for its next reading. */
  readonly mark?: string | null;
  /** The version of the last item, in a list sorted by version, newest first. */
  readonly oldest?: string | null;
}

/** One mirrored list. Each step reads one page; between steps the cursor is in the database. */
export interface Unit {
  readonly name: UnitName;
  /** The largest page size. */
  readonly largestPage: number;
  /** Whether the page size may shrink. False if the position is a page number. */
  readonly adaptive: boolean;
  /**
   * When a reading for changes only ends: `older`, when the page reaches items older than the cursor's `since`;
   * `unchanged`, when a page brought nothing new; `never`: it reads to the end.
   */
  readonly stops: "older" | "unchanged" | "never";
  read(reading: Reading): Promise<Page>;
}
