import { z } from "zod";
import { LabelBody } from "../facts/label.js";
import type { GitHubClient } from "../github/client.js";
import type { LabelNode } from "../github/queries/label.js";
import { labelNumbersByNode } from "../store/sync/label-numbers.js";
import type { Sql } from "../store/store.js";
import type { SyncedRepository } from "./entity.js";
import { numberInNodeId } from "./map/node-number.js";

const Labels = z.array(LabelBody);

/**
 * The numeric ids of labels, which GraphQL does not return: decoded from node ids of the known form, else from the
 * rows, else by one REST request for the repository.
 */
export async function labelNumbers(
  reading: { readonly client: GitHubClient; readonly sql: Sql },
  repository: SyncedRepository,
  labels: readonly LabelNode[],
): Promise<ReadonlyMap<string, number>> {
  const numbers = new Map<string, number>();
  const take = (id: string, number: number | null | undefined): void => {
    if (number !== null && number !== undefined) numbers.set(id, number);
  };
  const missing = () => [...new Set(labels.map(({ id }) => id))].filter((id) => !numbers.has(id));

  for (const { id } of labels) take(id, numberInNodeId(id, repository.id));
  if (missing().length > 0) {
    const stored = await labelNumbersByNode(reading.sql, repository.id, missing());
    for (const [id, number] of stored) take(id, number);
  }
  if (missing().length > 0) {
    const { owner, name: repo } = repository;
    for await (const page of reading.client.pages("GET /repos/{owner}/{repo}/labels", { owner, repo }))
      for (const label of Labels.parse(page)) if (label.node_id !== null) take(label.node_id, label.id);
  }
  return numbers;
}
