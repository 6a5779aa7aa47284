import type { DeploymentStatusBody } from "../../facts/deployment.js";
import { userOf } from "../../github/queries/actor.js";
import type { StatusNode } from "../../github/queries/get-deployments.js";

/** The status in the form of REST and webhooks. `target_url` is REST's older name of `log_url`. */
export function deploymentStatusBody(node: StatusNode, id: number): DeploymentStatusBody {
  return {
    id,
    node_id: node.id,
    state: node.state.toLowerCase(),
    description: node.description || null,
    environment: node.environment,
    target_url: node.logUrl || null,
    log_url: node.logUrl || null,
    environment_url: node.environmentUrl || null,
    creator: userOf(node.creator),
    created_at: node.createdAt,
    updated_at: node.updatedAt,
  };
}
