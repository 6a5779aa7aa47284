import type { Fact } from "../facts/fact.js";
import type { IssueNode } from "../github/queries/issue.js";
import { distinct } from "./distinct.js";
import type { Reading, SyncedRepository } from "./entity.js";
import { labelNumbers } from "./label-numbers.js";
import { issueNodeFacts } from "./map/issue.js";
import { scopeOf } from "./scope.js";
import { completeIssue } from "./complete.js";

/** The facts of issues of one repository. Nested lists that exceed a page are read to their end. */
export async function issuesRead(
  reading: Reading,
  repository: SyncedRepository,
  nodes: readonly IssueNode[],
): Promise<readonly Fact[]> {
  const whole: IssueNode[] = [];
  for (const node of nodes) whole.push(await completeIssue(reading.client, node));
  const labels = await labelNumbers(
    reading,
    repository,
    whole.flatMap((node) => node.labels?.nodes ?? []),
  );
  const scope = scopeOf(reading, repository);
  return distinct(whole.flatMap((node) => issueNodeFacts(node, scope, labels)));
}
