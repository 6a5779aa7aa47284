import { account, newId, register, seconds, type Organisation } from "../organisation.js";
import type { Issue, PullRequest } from "../conversation.js";
import type { Repository } from "../repository.js";
import { addCommit, measure, type CommitInput } from "../git.js";
import { actor, ChangeRefused, labelNamed, repositoryNamed, type InRepository } from "./find.js";
import { emitConversation } from "./conversations.js";

const CLOSES = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#(\d+)/gi;

/** The numbers of the issues that a body says it closes. */
export function closedBy(body: string | null): number[] {
  return [...new Set([...(body ?? "").matchAll(CLOSES)].map((match) => Number(match[1])))];
}

/** The issues of the repository that merging would close. */
export function closingIssues(pull: PullRequest): Issue[] {
  return pull.closes.flatMap((number) => pull.repository.issues.get(number) ?? []);
}

export interface OpenPull extends InRepository {
  readonly title: string;
  readonly body?: string | null;
  /** Branch that holds the change; made from `commits` when it does not exist. Default `change-<number>`. */
  readonly head?: string;
  readonly base?: string;
  readonly draft?: boolean;
  /** Commits that are added to the head branch first, without their own push event. */
  readonly commits?: readonly CommitInput[];
  /** The author, when it is not the one who acts: a ghost for example. */
  readonly author?: string;
  readonly labels?: readonly string[];
  /** Full name of the fork that it comes from, a repository that exists; null: one that is deleted. */
  readonly fork?: string | null;
}

function headRepositoryOf(organisation: Organisation, { fork }: OpenPull, base: Repository): Repository | null {
  if (fork === undefined) return base;
  return fork === null ? null : repositoryNamed(organisation, { repository: fork });
}

/** Opens a pull request. */
export function openPull(organisation: Organisation, input: OpenPull): PullRequest {
  const repository = repositoryNamed(organisation, input);
  const by = actor(organisation, input);
  const author = input.author === undefined ? by : account(organisation, input.author);
  const baseRef = input.base ?? repository.defaultBranch;
  const baseSha = repository.branches.get(baseRef);
  if (baseSha === undefined) throw new ChangeRefused(422, `no branch ${baseRef}`);
  const number = repository.nextNumber;
  const headRef = input.head ?? `change-${number}`;
  let headSha = repository.branches.get(headRef) ?? baseSha;
  const commits = input.commits ?? (headSha === baseSha ? [{ message: input.title }] : []);
  for (const commit of commits) headSha = addCommit(organisation, repository, author, [headSha], commit).sha;
  repository.branches.set(headRef, headSha);
  repository.nextNumber += 1;
  const now = seconds(organisation);
  const pull: PullRequest = {
    kind: "pull",
    id: newId(organisation),
    issueId: newId(organisation),
    number,
    repository,
    author,
    title: input.title,
    body: input.body ?? null,
    state: "open",
    locked: false,
    labels: (input.labels ?? []).map((name) => labelNamed(organisation, repository, name)),
    assignees: [],
    comments: [],
    reactions: [],
    events: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    draft: input.draft ?? false,
    headRef,
    headSha,
    headRepository: headRepositoryOf(organisation, input, repository),
    baseRef,
    baseSha,
    mergedAt: null,
    mergedBy: null,
    mergeCommitSha: null,
    requestedReviewers: [],
    requestedTeams: [],
    reviews: [],
    threads: [],
    closes: closedBy(input.body ?? null),
    additions: 0,
    deletions: 0,
    changedFiles: 0,
    commitCount: 0,
    checks: null,
  };
  measure(pull);
  repository.pulls.set(number, pull);
  repository.revision += 1;
  register(organisation, pull);
  emitConversation(organisation, pull, "opened", by);
  return pull;
}
