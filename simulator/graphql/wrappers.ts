import type { Account, Team } from "../organisation/account.js";
import type { PullRequest } from "../organisation/conversation.js";
import { generatedHead } from "../organisation/git.js";
import type { Commit, Repository } from "../organisation/repository.js";
import { blobSha } from "../render/commit.js";

/** A commit with the repository that it is looked at in. */
export class CommitIn {
  readonly repository: Repository;
  readonly commit: Commit;
  constructor(repository: Repository, commit: Commit) {
    this.repository = repository;
    this.commit = commit;
  }
}

/** Who last changed which lines of a file. */
export class BlameOf {
  readonly ranges: readonly BlameRangeOf[];
  constructor(ranges: readonly BlameRangeOf[]) {
    this.ranges = ranges;
  }
}

export class BlameRangeOf {
  readonly startingLine: number;
  readonly endingLine: number;
  readonly commit: CommitIn;
  constructor(startingLine: number, endingLine: number, commit: CommitIn) {
    this.startingLine = startingLine;
    this.endingLine = endingLine;
    this.commit = commit;
  }
}

/** GraphQL cuts longer texts off. */
const LONGEST_TEXT = 512 * 1024;

/** A file's content at an expression such as `HEAD:path`. */
export class Blob {
  readonly content: string;
  constructor(content: string) {
    this.content = content;
  }
  get oid(): string {
    return blobSha(this.content);
  }
  get isBinary(): boolean {
    return this.content.includes("\0");
  }
  get isTruncated(): boolean {
    return this.content.length > LONGEST_TEXT;
  }
  get text(): string | null {
    return this.isBinary ? null : this.content.slice(0, LONGEST_TEXT);
  }
}

/** A branch or a tag. */
export class RefIn {
  readonly repository: Repository;
  readonly prefix: string;
  readonly name: string;
  readonly sha: string;
  constructor(repository: Repository, prefix: string, name: string, sha: string) {
    this.repository = repository;
    this.prefix = prefix;
    this.name = name;
    this.sha = sha;
  }
}

export class PullCommit {
  readonly pull: PullRequest;
  readonly commit: Commit;
  constructor(pull: PullRequest, commit: Commit) {
    this.pull = pull;
    this.commit = commit;
  }
}

export class ReviewRequest {
  readonly pull: PullRequest;
  readonly reviewer: Account | Team;
  constructor(pull: PullRequest, reviewer: Account | Team) {
    this.pull = pull;
    this.reviewer = reviewer;
  }
}

export class GitActor {
  readonly commit: Commit;
  constructor(commit: Commit) {
    this.commit = commit;
  }
}

export class Rollup {
  readonly repository: Repository;
  readonly sha: string;
  readonly state: string;
  constructor(repository: Repository, sha: string, state: string) {
    this.repository = repository;
    this.sha = sha;
    this.state = state;
  }
}

const FAILED: ReadonlySet<string | null> = new Set(["failure", "timed_out", "cancelled", "action_required"]);

/** The state of all checks of a commit: of its check runs, else what was generated with the pull request. */
export function rollupOf(repository: Repository, sha: string, pull: PullRequest | null): Rollup | null {
  const runs = repository.checkRuns.get(sha) ?? [];
  const latest = [...new Map(runs.map((run) => [run.name, run])).values()];
  if (latest.length === 0) {
    const checks = pull?.headSha === sha ? pull.checks : null;
    return checks === null ? null : new Rollup(repository, sha, checks);
  }
  if (latest.some((run) => FAILED.has(run.conclusion))) return new Rollup(repository, sha, "FAILURE");
  const pending = latest.some((run) => run.status !== "completed");
  return new Rollup(repository, sha, pending ? "PENDING" : "SUCCESS");
}

export function headOf(pull: PullRequest): CommitIn {
  return new CommitIn(pull.repository, generatedHead(pull));
}

/** What a mutation answers: the thing that it changed, under the name of its field. */
export class Changed {
  readonly clientMutationId: string | null;
  readonly subject: unknown;
  constructor(clientMutationId: unknown, subject: unknown) {
    this.clientMutationId = typeof clientMutationId === "string" ? clientMutationId : null;
    this.subject = subject;
  }
}
