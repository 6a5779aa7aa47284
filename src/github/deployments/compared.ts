import { z } from "zod";
import type { RepositoryRef } from "../../domain.js";
import { GoneError } from "../../errors.js";
import type { GitHubClient } from "../client.js";

const Body = z.object({
  status: z.enum(["ahead", "behind", "diverged", "identical"]),
  total_commits: z.int(),
  commits: z.array(z.object({ sha: z.string() })),
});

export interface Compared {
  readonly status: z.output<typeof Body>["status"];
  /** How many commits `head` has and `base` has not. */
  readonly total: number;
  /** The newest of them, 250 at the most. */
  readonly commits: readonly string[];
}

/** The commits in `head` but not in `base`. Null: GitHub no longer has one of them, or they have no common ancestor. */
export async function comparedCommits(
  client: GitHubClient,
  { owner, name }: RepositoryRef,
  base: string,
  head: string,
): Promise<Compared | null> {
  try {
    const parameters = { owner, repo: name, basehead: `${base}...${head}` };
    const { data } = await client.rest("GET /repos/{owner}/{repo}/compare/{basehead}", parameters);
    const { status, total_commits: total, commits } = Body.parse(data);
    return { status, total, commits: commits.map(({ sha }) => sha) };
  } catch (error) {
    if (error instanceof GoneError) return null;
    throw error;
  }
}
