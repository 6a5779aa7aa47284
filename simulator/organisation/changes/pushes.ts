import { seconds, type Organisation } from "../organisation.js";
import { addCommit, measure, NO_COMMIT, type CommitInput } from "../git.js";
import type { Repository } from "../repository.js";
import { actor, ChangeRefused, repositoryNamed, touch, type InRepository } from "./find.js";
import { emit } from "./emit.js";
import { emitConversation } from "./conversations.js";
import { emitPush } from "./push-payload.js";

export interface PushInput extends InRepository {
  /** Default: the default branch. A branch that does not exist is made. */
  readonly branch?: string;
  readonly commits?: readonly CommitInput[];
  /** Force push: the commits go on top of this one (default: the default branch's head) and not on the branch's head. */
  readonly force?: boolean;
  readonly onto?: string;
  /** At most this many commits in the payload; GitHub's cap is 2,048. */
  readonly truncateAt?: number;
}

function pushed(organisation: Organisation, repository: Repository, branch: string): void {
  const now = seconds(organisation);
  repository.pushedAt = now;
  if (branch === repository.defaultBranch) repository.updatedAt = Math.max(repository.updatedAt, now);
  repository.revision += 1;
}

function emitRef(organisation: Organisation, input: InRepository, event: "create" | "delete", ref: string): void {
  const repository = repositoryNamed(organisation, input);
  const [, type, ...rest] = ref.split("/");
  emit(organisation, {
    event,
    action: null,
    repository,
    sender: actor(organisation, input),
    body: {
      ref: rest.join("/"),
      ref_type: type === "tags" ? "tag" : "branch",
      ...(event === "create" ? { master_branch: repository.defaultBranch, description: repository.description } : {}),
      pusher_type: "user",
    },
  });
}

/** Pushes commits to a branch; open pull requests from it are synchronised. Returns the new head. */
export function push(organisation: Organisation, input: PushInput): string {
  const repository = repositoryNamed(organisation, input);
  const by = actor(organisation, input);
  const branch = input.branch ?? repository.defaultBranch;
  const head = repository.branches.get(branch);
  const main = repository.branches.get(repository.defaultBranch);
  const start = input.onto ?? (head === undefined || input.force === true ? main : head);
  let after = start ?? NO_COMMIT;
  for (const commit of input.commits ?? [{ message: `Change ${branch}` }]) {
    after = addCommit(organisation, repository, by, after === NO_COMMIT ? [] : [after], commit).sha;
  }
  repository.branches.set(branch, after);
  pushed(organisation, repository, branch);
  const before = head ?? NO_COMMIT;
  const ref = `refs/heads/${branch}`;
  if (head === undefined) emitRef(organisation, input, "create", ref);
  emitPush(organisation, {
    repository,
    ref,
    before,
    after,
    by,
    forced: input.force === true && head !== undefined,
    ...(input.truncateAt === undefined ? {} : { truncateAt: input.truncateAt }),
  });
  for (const pull of repository.pulls.values()) {
    if (pull.state !== "open" || pull.headRef !== branch || pull.headRepository !== repository) continue;
    pull.headSha = after;
    pull.checks = null;
    measure(pull);
    touch(organisation, pull);
    emitConversation(organisation, pull, "synchronize", by, { before, after });
  }
  return after;
}

export interface BranchInput extends InRepository {
  readonly branch: string;
}

export function deleteBranch(organisation: Organisation, input: BranchInput): void {
  const repository = repositoryNamed(organisation, input);
  const before = repository.branches.get(input.branch);
  if (before === undefined || input.branch === repository.defaultBranch) {
    throw new ChangeRefused(422, `cannot delete ${input.branch}`);
  }
  repository.branches.delete(input.branch);
  pushed(organisation, repository, input.branch);
  const ref = `refs/heads/${input.branch}`;
  emitRef(organisation, input, "delete", ref);
  emitPush(organisation, { repository, ref, before, after: NO_COMMIT, by: actor(organisation, input), forced: false });
}

export interface TagInput extends InRepository {
  readonly tag: string;
  /** Default: the head of the default branch. */
  readonly sha?: string;
}

export function createTag(organisation: Organisation, input: TagInput): void {
  const repository = repositoryNamed(organisation, input);
  const after = input.sha ?? repository.branches.get(repository.defaultBranch);
  if (after === undefined || repository.tags.has(input.tag)) throw new ChangeRefused(422, `cannot tag ${input.tag}`);
  repository.tags.set(input.tag, after);
  pushed(organisation, repository, "");
  const ref = `refs/tags/${input.tag}`;
  emitRef(organisation, input, "create", ref);
  emitPush(organisation, { repository, ref, before: NO_COMMIT, after, by: actor(organisation, input), forced: false });
}

export function deleteTag(organisation: Organisation, input: TagInput): void {
  const repository = repositoryNamed(organisation, input);
  const before = repository.tags.get(input.tag);
  if (before === undefined) throw new ChangeRefused(422, `no tag ${input.tag}`);
  repository.tags.delete(input.tag);
  pushed(organisation, repository, "");
  const ref = `refs/tags/${input.tag}`;
  emitRef(organisation, input, "delete", ref);
  emitPush(organisation, { repository, ref, before, after: NO_COMMIT, by: actor(organisation, input), forced: false });
}
