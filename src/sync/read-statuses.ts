import { z } from "zod";
import { type DeploymentBody, DeploymentStatusBody } from "../facts/deployment.js";
import type { GitHubClient } from "../github/client.js";
import { LARGEST_PAGE } from "../github/queries/floor.js";
import { type DeploymentNode, GET_DEPLOYMENTS, type StatusNode } from "../github/queries/get-deployments.js";
import { ask } from "../github/queries/query.js";
import type { Reading, SyncedRepository } from "./entity.js";
import { deploymentStatusBody } from "./map/deployment-status.js";
import { numberInNodeId } from "./map/node-number.js";
import { inBatches } from "./run/page-size.js";

/** The size does not change the points. A deployment with more statuses is read separately. */
const STATUSES_AT_FIRST = 20;

const Statuses = z.array(DeploymentStatusBody);

export interface ReadStatus {
  readonly deploymentId: number;
  readonly status: DeploymentStatusBody;
}

/** Every status of the deployments. */
export async function readStatuses(
  { client, sizeOf }: Pick<Reading, "client" | "sizeOf">,
  repository: SyncedRepository,
  deployments: readonly DeploymentBody[],
): Promise<readonly ReadStatus[]> {
  const all = deployments.flatMap(({ node_id }) => node_id ?? []);
  const answers = await inBatches(sizeOf("statuses", LARGEST_PAGE), all, (ids) =>
    ask(client, GET_DEPLOYMENTS, { ids, pageSize: STATUSES_AT_FIRST, cursor: null }),
  );
  const read: ReadStatus[] = [];
  for (const node of answers.flatMap(({ data }) => data.nodes)) {
    if (node === null) continue;
    const statuses = await restOf(client, node);
    const known = statuses.flatMap((status) => {
      const number = numberInNodeId(status.id, repository.id);
      return number === null ? [] : [deploymentStatusBody(status, number)];
    });
    const whole = known.length === statuses.length ? known : await byRest(client, repository, node.databaseId);
    read.push(...whole.map((status) => ({ deploymentId: node.databaseId, status })));
  }
  return read;
}

async function restOf(client: GitHubClient, first: DeploymentNode): Promise<readonly StatusNode[]> {
  const statuses = [...(first.statuses?.nodes ?? [])];
  let page = first.statuses?.pageInfo;
  while (page?.hasNextPage) {
    const answer = await ask(client, GET_DEPLOYMENTS, {
      ids: [first.id],
      pageSize: LARGEST_PAGE,
      cursor: page.endCursor,
    });
    const more = answer.data.nodes[0]?.statuses;
    statuses.push(...(more?.nodes ?? []));
    page = more?.pageInfo;
  }
  return statuses;
}

/** For node ids that contain no number. */
async function byRest(
  client: GitHubClient,
  repository: SyncedRepository,
  deploymentId: number,
): Promise<readonly DeploymentStatusBody[]> {
  const statuses: DeploymentStatusBody[] = [];
  const route = "GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses";
  const parameters = { owner: repository.owner, repo: repository.name, deployment_id: deploymentId };
  for await (const page of client.pages(route, parameters)) statuses.push(...Statuses.parse(page));
  return statuses;
}
