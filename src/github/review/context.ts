import type { z } from "zod";
import type { RepositoryRef } from "../../domain.js";
import { GoneError } from "../../errors.js";
import type { GitHubClient } from "../client.js";
import type { GraphqlAnswer } from "../graphql.js";
import { ask } from "../queries/query.js";
import { REVIEW_CONTEXT, type ThreadNode } from "./context-query.js";

type Answered = GraphqlAnswer<z.output<typeof REVIEW_CONTEXT.schema>>;

/** GitHub's data around a pull request. */
export interface ReviewContext {
  /** The present base and head at GitHub. */
  readonly headSha: string;
  readonly baseSha: string;
  readonly changedFiles: number;
  readonly linkedIssues: readonly number[];
  readonly threads: readonly ThreadNode[];
  /** Texts of the settings files; null: missing, or not readable. */
  readonly settings: { readonly repository: string | null; readonly organisation: string | null };
  /** The CODEOWNERS file in force: GitHub uses the first of three locations, at the base. Empty: none. */
  readonly codeowners: string;
  /** Possible reviewers, in lower case; null: too many to list. */
  readonly assignable: ReadonlySet<string> | null;
}

/**
 * Reads it in one call for each fifty threads.
 * @throws GoneError when the pull request or its repository no longer exists.
 */
export async function readContext(
  client: GitHubClient,
  { owner, name }: RepositoryRef,
  { number, baseRef }: { readonly number: number; readonly baseRef: string },
): Promise<ReviewContext> {
  const places = {
    base: `${baseRef}:.github/CODEOWNERS`,
    rootBase: `${baseRef}:CODEOWNERS`,
    docsBase: `${baseRef}:docs/CODEOWNERS`,
  };
  const threads: ThreadNode[] = [];
  let cursor: string | null = null;
  for (;;) {
    const answer: Answered = await ask(client, REVIEW_CONTEXT, { owner, name, number, ...places, cursor });
    const { repository, organisation } = answer.data;
    const pull = repository?.pullRequest;
    if (!repository || !pull) throw new GoneError(`the pull request #${number} no longer exists`);
    threads.push(...pull.reviewThreads.nodes);
    const { hasNextPage, endCursor } = pull.reviewThreads.pageInfo;
    if (hasNextPage) {
      cursor = endCursor;
      continue;
    }
    return {
      headSha: pull.headRefOid,
      baseSha: pull.baseRefOid,
      changedFiles: pull.changedFiles,
      linkedIssues: pull.closingIssuesReferences.nodes.map((issue) => issue.number),
      threads,
      settings: { repository: repository.settings, organisation: organisation?.settings ?? null },
      assignable: assignableOf(repository.assignableUsers),
      codeowners: repository.owners ?? repository.rootOwners ?? repository.docsOwners ?? "",
    };
  }
}

function assignableOf({ nodes, pageInfo }: NonNullable<Answered["data"]["repository"]>["assignableUsers"]) {
  return pageInfo.hasNextPage ? null : new Set(nodes.map(({ login }) => login.toLowerCase()));
}
