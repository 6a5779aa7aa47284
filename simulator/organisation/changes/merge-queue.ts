import { addCommit, type FileInput } from "../git.js";
import type { Organisation } from "../organisation.js";
import { renderCommit } from "../../render/commit.js";
import { emit } from "./emit.js";
import { push } from "./pushes.js";
import { actor, pullNumbered, type OnNumber } from "./find.js";

/** Puts a pull request in the merge queue: a commit of base and head together, which waits for its checks. */
export function queuePull(organisation: Organisation, input: OnNumber): string {
  const pull = pullNumbered(organisation, input);
  const by = actor(organisation, input);
  const { repository, baseRef } = pull;
  const baseSha = repository.branches.get(baseRef) ?? pull.baseSha;
  const message = `Merge pull request #${pull.number}`;
  const commit = addCommit(organisation, repository, by, [pull.headSha, baseSha], { message });
  const branch = `gh-readonly-queue/${baseRef}/pr-${pull.number}-${baseSha}`;
  repository.branches.set(branch, commit.sha);
  emit(organisation, {
    event: "merge_group",
    action: "checks_requested",
    repository,
    sender: by,
    body: {
      merge_group: {
        head_sha: commit.sha,
        head_ref: `refs/heads/${branch}`,
        base_sha: baseSha,
        base_ref: `refs/heads/${baseRef}`,
        head_commit: renderCommit(organisation.urls, repository, commit, false).commit,
      },
    },
  });
  return commit.sha;
}

export interface MergeBase extends OnNumber {
  /** What the merge commit does beside merging: a merge can be made by hand, and hold anything. */
  readonly files?: readonly FileInput[];
}

/** Merges the base into the head branch, as the button of a pull request does. */
export function mergeBase(organisation: Organisation, input: MergeBase): string {
  const pull = pullNumbered(organisation, input);
  const { repository, baseRef, headRef, headSha } = pull;
  const by = actor(organisation, input);
  const parents = [headSha, repository.branches.get(baseRef) ?? pull.baseSha];
  const message = `Merge ${baseRef} into ${headRef}`;
  const merge = addCommit(organisation, repository, by, parents, { message, files: input.files ?? [] });
  return push(organisation, { ...input, branch: headRef, onto: merge.sha, commits: [] });
}
