import type { RepositoryRef } from "../domain.js";

export type { RepositoryRef } from "../domain.js";

/**
 * Reads of one installation in the app's own verbs. Each returns GitHub's REST body, unparsed; `src/facts` reads it
 * with the same schemas as webhook payloads. Throws the errors of `errors.ts` (`GoneError` for 404, 410 and 451).
 */
export interface GitHubReader {
  repository(id: bigint): Promise<unknown>;
  pullRequest(repository: RepositoryRef, number: number): Promise<unknown>;
  review(repository: RepositoryRef, number: number, reviewId: bigint): Promise<unknown>;
  issue(repository: RepositoryRef, number: number): Promise<unknown>;
  issueComment(repository: RepositoryRef, commentId: bigint): Promise<unknown>;
  deployment(repository: RepositoryRef, deploymentId: bigint): Promise<unknown>;
  deploymentStatus(repository: RepositoryRef, deploymentId: bigint, statusId: bigint): Promise<unknown>;
  release(repository: RepositoryRef, releaseId: bigint): Promise<unknown>;
  /** Commits reachable from `head` and not from `base`, oldest first; pages are followed to the end. */
  commits(repository: RepositoryRef, base: string, head: string): AsyncIterable<unknown>;
  /** The installation itself: account, permissions, events, suspension. */
  installation(): Promise<unknown>;
  /** Every repository that the installation can access; pages are followed to the end. */
  repositories(): AsyncIterable<unknown>;
}
