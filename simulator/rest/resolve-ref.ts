import type { Repository } from "../organisation/repository.js";
import { findCommit } from "../organisation/git.js";

/** The commit that a branch, a tag, a full ref or an id (short ones too) names. */
export function resolveRef(repository: Repository, ref: string | null): string | null {
  const name = ref ?? repository.defaultBranch;
  const short = name.replace(/^refs\//, "").replace(/^(heads|tags)\//, "");
  const found = repository.branches.get(short) ?? repository.tags.get(short);
  if (found !== undefined) return found;
  const commit = findCommit(repository, name);
  if (commit !== null) return commit.sha;
  if (!/^[0-9a-f]{7,39}$/.test(name)) return null;
  return [...repository.commits.keys()].find((sha) => sha.startsWith(name)) ?? null;
}
