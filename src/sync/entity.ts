import type { Fact } from "../facts/fact.js";
import type { GitHubClient } from "../github/client.js";
import type { Absence } from "../store/sync/absence.js";
import type { ChecksState } from "../store/sync/checks.js";
import type { CursorRow, NewCursor } from "../store/sync/cursors.js";
import type { PullRequestExtras } from "../store/sync/pull-request-extras.js";
import type { Sql } from "../store/store.js";
import type { PageSize } from "./run/page-size.js";

/** What a repository's cursors read, in the order in which they are worth having. */
export const ENTITIES = ["pull_requests", "issues", "comments", "commits", "deployments", "releases"] as const;
export type EntityName = (typeof ENTITIES)[number];

/** What an account's cursors read: lists over all its repositories. */
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

/** Lists that are compared with the rows, of what no version tells. */
export const INVENTORIES = ["pull_request_ids", "issue_ids", "labels"] as const;
export type InventoryName = (typeof INVENTORIES)[number];

export type UnitName = EntityName | SurveyName | InventoryName | "repository";

/** A repository as a reading needs it. */
export interface SyncedRepository {
  readonly id: number;
  /** GraphQL's id, which stays when the repository is renamed. */
  readonly nodeId: string;
  readonly owner: string;
  readonly name: string;
}

/** Everything that the reading of one page may use. */
export interface Reading {
  /** Waits for its turn in the installation's budget with every call. */
  readonly client: GitHubClient;
  readonly sql: Sql;
  readonly installationId: bigint;
  /** The account that the app is installed on. */
  readonly account: string;
  /** Whether the account wants the repository mirrored: `owner/name`. */
  allows(repository: string): boolean;
  /** Whose page it is; null for a survey. */
  readonly repository: SyncedRepository | null;
  readonly cursor: CursorRow;
  readonly mode: SyncMode;
  /** What the run is about, where it is about one thing: `owner/name` or `owner/name#number`. */
  readonly subject: string | null;
  readonly pageSize: number;
  /** How much of something else to ask for at once, besides the page; kept for the whole run. */
  sizeOf(what: string, largest: number): PageSize;
  /** When this reading began: what the facts it gives were seen at. */
  readonly observedAt: Date;
}

export const MODES = ["full", "incremental", "reconcile", "spot"] as const;
export type SyncMode = (typeof MODES)[number];

/** One page: what it proves, and where it goes on. */
export interface Page {
  readonly facts: readonly Fact[];
  readonly extras?: readonly PullRequestExtras[];
  /** What the checks of pull requests say that are not read as a whole. */
  readonly checks?: readonly ChecksState[];
  /** The repository whose labels these are: what carries them takes their names. */
  readonly labelsOf?: number;
  /** Rows that are not at GitHub any more. */
  readonly absences?: readonly Absence[];
  /** Work that this page found. */
  readonly found?: readonly NewCursor[];
  /** Things on the page, for the progress. */
  readonly rows: number;
  /** How many there are at all, where GitHub says so. */
  readonly total: number | null;
  /** Where to go on; null at the end. */
  readonly next: string | null;
  /** Where the list began, kept for the next reading of it. */
  readonly mark?: string | null;
  /** The version of the last thing of a list that is sorted by it, the latest first. */
  readonly oldest?: string | null;
}

/** One mirrored list: one page a step, the cursor in the database between steps. */
export interface Unit {
  readonly name: UnitName;
  /** The largest page to ask for. */
  readonly largestPage: number;
  /** Whether pages may be smaller: not where the place in a list is a page's number. */
  readonly adaptive: boolean;
  /**
   * When a reading that only wants what changed is done: `older`, when the page reaches what is older than the cursor's
   * `since`; `unchanged`, when a page brought nothing new; `never`: it reads to the end.
   */
  readonly stops: "older" | "unchanged" | "never";
  read(reading: Reading): Promise<Page>;
}
