import type { Fact } from "../facts/fact.js";
import type { GraphqlAnswer } from "../github/graphql.js";
import type { PullRequestNode } from "../github/queries/pull-request.js";
import type { PullRequestExtras } from "../store/sync/pull-request-extras.js";
import { distinct } from "./distinct.js";
import type { Reading, SyncedRepository } from "./entity.js";
import { isHidden } from "./gone.js";
import { labelNumbers } from "./label-numbers.js";
import { pullRequestNodeFacts } from "./map/pull-request.js";
import { scopeOf } from "./scope.js";
import { completePullRequest } from "./complete.js";

export interface ReadPullRequests {
  readonly facts: readonly Fact[];
  readonly extras: readonly PullRequestExtras[];
}

/** The facts of pull requests of one repository. Nested lists that exceed a page are read to their end. */
export async function pullRequestsRead(
  reading: Reading,
  repository: SyncedRepository,
  nodes: readonly PullRequestNode[],
  answer: GraphqlAnswer<unknown>,
): Promise<ReadPullRequests> {
  const whole: PullRequestNode[] = [];
  for (const node of nodes) whole.push(await completePullRequest(reading.client, node));
  const labels = await labelNumbers(
    reading,
    repository,
    whole.flatMap((node) => node.labels?.nodes ?? []),
  );
  const scope = scopeOf(reading, repository);
  return {
    facts: distinct(whole.flatMap((node) => pullRequestNodeFacts(node, scope, labels))),
    extras: whole.map((node) => extrasOf(node, isHidden(answer, "statusCheckRollup"))),
  };
}

function extrasOf(node: PullRequestNode, checksHidden: boolean): PullRequestExtras {
  return {
    pullRequestId: node.fullDatabaseId,
    checksState: node.statusCheckRollup?.state.toLowerCase() ?? (checksHidden ? undefined : null),
    links: (node.closingIssuesReferences?.nodes ?? []).map((issue) => ({
      issue_id: issue.fullDatabaseId,
      issue_repository_id: issue.repository.databaseId,
      issue_repository: issue.repository.nameWithOwner,
      issue_number: issue.number,
    })),
  };
}
