import { createHash } from "node:crypto";
import { between, pick, seededRandom, type Random } from "../random.js";
import type { Account } from "./account.js";
import { apply } from "./apply.js";
import type { Comment, Issue, PullRequest, Review } from "./conversation.js";
import { generateDeployments, generateReleases } from "./generate-code.js";
import { account, newId, register, seconds, type Organisation } from "./organisation.js";
import type { Repository } from "./repository.js";

export interface GenerateOptions {
  readonly seed?: number;
  /** Default 10. */
  readonly repositories?: number;
  /** Over all repositories; default 200. */
  readonly pulls?: number;
  /** Over all repositories; default 100. */
  readonly issues?: number;
  /** At most this many reviews a pull request; default 2. */
  readonly reviews?: number;
  /** At most this many comments a conversation; default 2. */
  readonly comments?: number;
  /** Commits on each default branch; default 10. */
  readonly commits?: number;
  /** Deployments of each repository; default 2, each with two statuses. */
  readonly deployments?: number;
  /** Releases of each repository; default 1. */
  readonly releases?: number;
  /** Default 40. */
  readonly people?: number;
  /** Installs the App on the account; default true. */
  readonly install?: boolean;
}

const DAY = 86_400;
/** The generated history reaches this far back. */
const YEARS_OF_HISTORY = 2;
const BODY = "What it does and why.\n\n- [x] tests\n- [ ] documentation\n";

interface Making {
  readonly organisation: Organisation;
  readonly random: Random;
  readonly people: readonly Account[];
  readonly now: number;
}

function someone({ random, people, organisation }: Making): Account {
  return pick(random, people) ?? organisation.main;
}

function sha(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}

function dates({ random, now }: Making) {
  const createdAt = now - between(random, DAY, YEARS_OF_HISTORY * 365 * DAY);
  const updatedAt = Math.min(now - 60, createdAt + between(random, 0, 30 * DAY));
  return { createdAt, updatedAt };
}

function common(making: Making, repository: Repository, title: string) {
  const { random } = making;
  const labels = [...repository.labels.values()];
  const { createdAt, updatedAt } = dates(making);
  const closed = random() < 0.8;
  return {
    repository,
    author: someone(making),
    title,
    body: BODY,
    state: closed ? ("closed" as const) : ("open" as const),
    locked: false,
    labels: labels.filter(() => random() < 0.2),
    assignees: random() < 0.3 ? [someone(making)] : [],
    comments: new Array<Comment>(),
    reactions: [],
    events: [],
    createdAt,
    updatedAt,
    closedAt: closed ? updatedAt : null,
  };
}

function addComments(making: Making, on: Issue | PullRequest, most: number): void {
  for (let left = between(making.random, 0, most); left > 0; left -= 1) {
    const at = between(making.random, on.createdAt, on.updatedAt);
    on.comments.push(
      register(making.organisation, {
        kind: "comment",
        id: newId(making.organisation),
        on,
        author: someone(making),
        viaApp: false,
        body: "Looks reasonable to me.",
        minimized: null,
        createdAt: at,
        updatedAt: at,
        reactions: [],
      }),
    );
  }
}

function addReviews(making: Making, pull: PullRequest, most: number): void {
  for (let left = between(making.random, 0, most); left > 0; left -= 1) {
    const at = between(making.random, pull.createdAt, pull.updatedAt);
    const review: Review = {
      kind: "review",
      id: newId(making.organisation),
      pull,
      author: someone(making),
      body: "",
      state: pick(making.random, ["APPROVED", "CHANGES_REQUESTED", "COMMENTED"] as const) ?? "COMMENTED",
      minimized: null,
      commitSha: pull.headSha,
      submittedAt: at,
      updatedAt: at,
    };
    pull.reviews.push(register(making.organisation, review));
  }
}

function addPull(making: Making, repository: Repository, options: GenerateOptions): void {
  const { organisation, random } = making;
  const number = repository.nextNumber;
  repository.nextNumber += 1;
  const shared = common(making, repository, `Change number ${number}`);
  const merged = shared.state === "closed" && random() < 0.9;
  const id = newId(organisation);
  const pull: PullRequest = {
    kind: "pull",
    id,
    issueId: newId(organisation),
    number,
    ...shared,
    draft: shared.state === "open" && random() < 0.2,
    headRef: `change-${number}`,
    headSha: sha(`head ${id}`),
    headRepository: repository,
    baseRef: repository.defaultBranch,
    baseSha: repository.branches.get(repository.defaultBranch) ?? "",
    mergedAt: merged ? shared.closedAt : null,
    mergedBy: merged ? someone(making) : null,
    mergeCommitSha: merged ? sha(`merge ${id}`) : null,
    requestedReviewers: shared.state === "open" && random() < 0.3 ? [someone(making)] : [],
    requestedTeams: [],
    reviews: [],
    threads: [],
    closes: random() < 0.1 && number > 1 ? [between(random, 1, number - 1)] : [],
    additions: between(random, 1, 500),
    deletions: between(random, 0, 200),
    changedFiles: between(random, 1, 20),
    commitCount: 1,
    checks: pick(random, ["SUCCESS", "SUCCESS", "FAILURE", "PENDING", null]) ?? null,
  };
  repository.pulls.set(number, register(organisation, pull));
  addReviews(making, pull, options.reviews ?? 2);
  addComments(making, pull, options.comments ?? 2);
}

function addIssue(making: Making, repository: Repository, options: GenerateOptions): void {
  const number = repository.nextNumber;
  repository.nextNumber += 1;
  const shared = common(making, repository, `Problem number ${number}`);
  const issue: Issue = {
    kind: "issue",
    id: newId(making.organisation),
    number,
    ...shared,
    stateReason: shared.state === "closed" ? "completed" : null,
  };
  repository.issues.set(number, register(making.organisation, issue));
  addComments(making, issue, options.comments ?? 2);
}

function addRepository(making: Making, name: string, options: GenerateOptions): Repository {
  const { organisation } = making;
  const full = `${organisation.main.login}/${name}`;
  const repository = apply(organisation, "createRepository", { repository: full });
  const commits = Array.from({ length: Math.max(0, (options.commits ?? 10) - 1) }, (_, index) => ({
    message: `Commit ${index + 2}`,
  }));
  if (commits.length > 0) apply(organisation, "push", { repository: full, commits });
  generateDeployments(organisation, full, options.deployments ?? 2);
  generateReleases(organisation, full, options.releases ?? 1);
  return repository;
}

/** Fills the main account as one would find it: nothing is delivered. Returns the installation, 0 when there is none. */
export function generate(organisation: Organisation, options: GenerateOptions): { readonly installation: number } {
  const random = seededRandom(options.seed ?? 1);
  const people = Array.from({ length: options.people ?? 40 }, (_, index) =>
    account(organisation, `person-${index + 1}`),
  );
  const making: Making = { organisation, random, people, now: seconds(organisation) };
  organisation.silent = true;
  const start = organisation.repositories.size;
  const repositories = Array.from({ length: options.repositories ?? 10 }, (_, index) =>
    addRepository(making, `repository-${start + index + 1}`, options),
  );
  const spread = (count: number, add: (repository: Repository) => void): void => {
    for (let index = 0; index < count; index += 1) {
      const repository = repositories[index % repositories.length];
      if (repository !== undefined) add(repository);
    }
  };
  spread(options.issues ?? 100, (repository) => addIssue(making, repository, options));
  spread(options.pulls ?? 200, (repository) => addPull(making, repository, options));
  for (const repository of repositories) repository.revision += 1;
  const found = [...organisation.installations.values()].find((each) => each.account === organisation.main);
  const installed = found ?? (options.install === false ? null : apply(organisation, "install", {}));
  organisation.silent = false;
  return { installation: installed?.id ?? 0 };
}
