import { type GitHubProcess, startGitHubProcess } from "../../simulator/process.js";

/** The organisation of the issue, times `SCALE`; a smaller one is for trying the bench itself. */
export const SCALE = Number(process.env["BENCH_SCALE"] ?? 1);
export function sizeOf(scale: number) {
  return {
    repositories: Math.round(1_000 * scale),
    pullRequests: Math.round(200_000 * scale),
    issues: Math.round(100_000 * scale),
  };
}

/** Real seconds in a quota hour: a pause is short, and every limit is enforced. */
export const HOUR = 60;

export interface Organisation {
  readonly github: GitHubProcess;
  readonly installationId: bigint;
  /** By how many ms GitHub's clock is ahead of this process's. */
  clockAhead(): Promise<number>;
}

/** Starts the simulated GitHub in its own process and fills it. */
export async function startOrganisation(scale: number): Promise<Organisation> {
  const github = await startGitHubProcess({ limits: { hour: HOUR } });
  const { repositories, pullRequests: pulls, issues } = sizeOf(scale);
  const { installation } = await github.control.run("generate", {
    seed: 1,
    repositories,
    pulls,
    issues,
    reviews: 2,
    comments: 2,
    commits: 10,
    deployments: 2,
    releases: 1,
    people: 200,
  });
  // The generated history ends in one second, a minute ago: an hour later it is behind any overlap.
  await github.control.run("clock", { advanceSeconds: 3_600 });
  return {
    github,
    installationId: BigInt(installation),
    async clockAhead() {
      const { now } = await github.control.run("clock", {});
      return new Date(now).getTime() - Date.now();
    },
  };
}
