import { newId, register, seconds, type Organisation } from "../organisation.js";
import type { Deployment, DeploymentState, DeploymentStatus } from "../repository.js";
import { renderDeployment, renderDeploymentStatus } from "../../render/deployment.js";
import { emit } from "./emit.js";
import { actor, ChangeRefused, repositoryNamed, type By, type InRepository } from "./find.js";

export interface CreateDeployment extends InRepository {
  /** Branch, tag or commit; default the default branch. */
  readonly ref?: string;
  readonly environment?: string;
  readonly description?: string | null;
  readonly payload?: { readonly [key: string]: unknown };
  readonly production?: boolean;
}

export function createDeployment(organisation: Organisation, input: CreateDeployment): Deployment {
  const repository = repositoryNamed(organisation, input);
  const ref = input.ref ?? repository.defaultBranch;
  const sha = repository.branches.get(ref) ?? repository.tags.get(ref) ?? repository.commits.get(ref)?.sha;
  if (sha === undefined) throw new ChangeRefused(422, `No ref found for: ${ref}`);
  const now = seconds(organisation);
  const environment = input.environment ?? "production";
  const deployment: Deployment = {
    kind: "deployment",
    id: newId(organisation),
    repository,
    sha,
    ref,
    environment,
    task: "deploy",
    description: input.description ?? null,
    payload: input.payload ?? {},
    production: input.production ?? environment === "production",
    creator: actor(organisation, input),
    createdAt: now,
    updatedAt: now,
    statuses: [],
  };
  repository.deployments.set(deployment.id, register(organisation, deployment));
  repository.revision += 1;
  emit(organisation, {
    event: "deployment",
    action: "created",
    repository,
    sender: deployment.creator,
    body: { deployment: renderDeployment(organisation, deployment), workflow: null, workflow_run: null },
  });
  return deployment;
}

export interface SetDeploymentStatus extends By {
  /** Id of the deployment. */
  readonly deployment: number;
  readonly state: DeploymentState;
  readonly description?: string;
  readonly environmentUrl?: string;
  readonly logUrl?: string;
}

export function deploymentOf(organisation: Organisation, id: number): Deployment {
  const found = organisation.nodes.get(id);
  if (found?.kind !== "deployment") throw new ChangeRefused(404, `no deployment ${id}`);
  return found;
}

/** Adds a status, which raises the deployment's `updated_at`. */
export function setDeploymentStatus(organisation: Organisation, input: SetDeploymentStatus): DeploymentStatus {
  const deployment = deploymentOf(organisation, input.deployment);
  const { repository } = deployment;
  const now = seconds(organisation);
  const status: DeploymentStatus = {
    kind: "deployment-status",
    id: newId(organisation),
    deployment,
    state: input.state,
    creator: actor(organisation, input),
    description: input.description ?? "",
    environmentUrl: input.environmentUrl ?? "",
    logUrl: input.logUrl ?? "",
    createdAt: now,
  };
  deployment.statuses.push(register(organisation, status));
  deployment.updatedAt = Math.max(deployment.updatedAt, now);
  repository.revision += 1;
  emit(organisation, {
    event: "deployment_status",
    action: "created",
    repository,
    sender: status.creator,
    body: {
      deployment_status: renderDeploymentStatus(organisation, status),
      deployment: renderDeployment(organisation, deployment),
      check_run: null,
      workflow: null,
      workflow_run: null,
    },
  });
  return status;
}
