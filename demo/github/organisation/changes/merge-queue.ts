import { addCommit } from "../git.js";
import type { Organisation } from "../organisation.js";
import { renderCommit } from "../../render/commit.js";
import { emit } from "./emit.js";
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
