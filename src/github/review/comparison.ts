import { z } from "zod";
import type { RepositoryRef } from "../../domain.js";
import { GoneError, InvalidError } from "../../errors.js";
import type { GitHubClient } from "../client.js";
import { ListedFile } from "./listed-file.js";

const Body = z.object({
  status: z.enum(["ahead", "behind", "diverged", "identical"]),
  total_commits: z.number().int(),
  merge_base_commit: z.object({ sha: z.string() }),
  commits: z.array(z.object({ sha: z.string(), parents: z.array(z.object({ sha: z.string() })) })),
  files: z.array(ListedFile).default([]),
});

/** The most files that GitHub lists in a comparison. Source: GitHub's REST reference, 'Compare two commits'. */
export const FILES_OF_A_COMPARISON = 300;
/** The most files that it lists of a pull request. Source: the same, 'List pull requests files'. */
const FILES_OF_A_PULL_REQUEST = 3_000;

export interface Comparison {
  readonly status: z.infer<typeof Body>["status"];
  readonly mergeBase: string;
  readonly commits: readonly { readonly sha: string; readonly parents: readonly string[] }[];
  /** Whether `commits` is complete. */
  readonly allCommits: boolean;
  readonly files: readonly ListedFile[];
}

/** The changes in `head` since its merge base with `base`. Null: one of the commits no longer exists. */
export async function compare(
  client: GitHubClient,
  { owner, name }: RepositoryRef,
  base: string,
  head: string,
): Promise<Comparison | null> {
  try {
    const parameters = { owner, repo: name, basehead: `${base}...${head}` };
    const { data } = await client.rest("GET /repos/{owner}/{repo}/compare/{basehead}", parameters);
    const body = Body.safeParse(data);
    if (!body.success)
      throw new InvalidError(`GitHub's comparison has an unexpected shape: ${z.prettifyError(body.error)}`);
    const { status, total_commits: total, commits, files, merge_base_commit: mergeBase } = body.data;
    return {
      status,
      mergeBase: mergeBase.sha,
      commits: commits.map((commit) => ({ sha: commit.sha, parents: commit.parents.map(({ sha }) => sha) })),
      allCommits: commits.length >= total,
      files,
    };
  } catch (error) {
    if (error instanceof GoneError) return null;
    throw error;
  }
}

/** The files of a pull request beyond those in a comparison; `left` counts unlisted files. */
export async function readFiles(
  client: GitHubClient,
  { owner, name }: RepositoryRef,
  number: number,
  expected: number,
): Promise<{ readonly files: readonly ListedFile[]; readonly left: number }> {
  const files: ListedFile[] = [];
  const parameters = { owner, repo: name, pull_number: number };
  for await (const page of client.pages("GET /repos/{owner}/{repo}/pulls/{pull_number}/files", parameters)) {
    files.push(...z.array(ListedFile).parse(page));
    if (files.length >= FILES_OF_A_PULL_REQUEST) break;
  }
  return { files, left: Math.max(0, expected - files.length) };
}
