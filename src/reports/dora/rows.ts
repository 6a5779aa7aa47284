/** The input of the figures. Times are milliseconds since 1970, ids are GitHub's. */
export interface DoraRows {
  readonly deployments: readonly DeploymentRow[];
  readonly commits: readonly CommitRow[];
  readonly pulls: readonly PullRow[];
  readonly incidents: readonly IncidentRow[];
}

/** One deployment of a source: GitHub's own, a workflow run, a release, a tag, a push, or the API. */
export interface DeploymentRow {
  /** `github:77`, `workflow:5`, `release:9`, `tag:v1`, `push:<sha>`, `api:3`: unique in an installation. */
  readonly key: string;
  /** Orders deployments of the same time. */
  readonly order: number;
  readonly repository: number;
  readonly environment: string;
  readonly sha: string;
  readonly ref: string;
  readonly createdAt: number;
  /**
   * The latest status except `inactive`, which GitHub adds to older deployments when a newer one succeeds; null: no
   * status.
   */
  readonly state: string | null;
  readonly stateAt: number | null;
  /** Its first success: it ran from then on, whatever statuses followed. */
  readonly succeededAt: number | null;
  /** The GitHub Actions run that created it; each of its jobs creates its own deployment. */
  readonly run: number | null;
  /** The service that it names; null: any service of its repository. */
  readonly service: string | null;
  /** The creator's hotfix mark, with its target: a SHA, a deployment's id or `#12`. */
  readonly hotfix: boolean;
  readonly fixes: string | null;
}

export interface CommitRow {
  readonly repository: number;
  readonly sha: string;
  /** Null: unknown. */
  readonly parents: readonly string[] | null;
  readonly authoredAt: number | null;
  readonly committedAt: number | null;
  /** The text, if it mentions another commit or pull request; else null. */
  readonly message: string | null;
  /** Its paths; null: unknown. */
  readonly files: readonly string[] | null;
}

/** A merged pull request. */
export interface PullRow {
  readonly repository: number;
  readonly number: number;
  readonly headSha: string;
  readonly headRef: string;
  readonly mergeSha: string | null;
  readonly mergedAt: number;
  readonly commits: number | null;
  readonly labels: readonly string[];
  /** The number of the pull request that it reverts. */
  readonly reverts: number | null;
}

/** An issue that reports an incident. */
export interface IncidentRow {
  readonly repository: number;
  readonly number: number;
  readonly openedAt: number;
  readonly closedAt: number | null;
  /** Deployments, full SHAs and pull requests that it names. */
  readonly deployments: readonly number[];
  readonly shas: readonly string[];
  readonly pulls: readonly number[];
}

/** A service: the deployments of some repositories, or of some paths of one. */
export interface Service {
  readonly name: string;
  readonly repositories: readonly number[];
  /** Whether a path belongs to it; null: every path does. */
  readonly owns: ((path: string) => boolean) | null;
  readonly rules: Rules;
}

export interface Rules {
  /** For how long after a deployment later events count as its failure (ms). */
  readonly window: number;
  readonly hotfixLabels: readonly string[];
  /** Prefixes of branches. */
  readonly hotfixBranches: readonly string[];
}

const DAY_MS = 24 * 60 * 60_000;
export const DEFAULT_RULES: Rules = { window: 7 * DAY_MS, hotfixLabels: ["hotfix"], hotfixBranches: ["hotfix/"] };
