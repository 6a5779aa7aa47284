import { z } from "zod";
import { commitsBetween } from "../organisation/git.js";
import type { Deployment, Repository } from "../organisation/repository.js";
import { renderDeployment, renderDeploymentStatus } from "../render/deployment.js";
import { failure, NOT_FOUND, one } from "../server/answer.js";
import { Answered, bodyOf, numberParam, type Call } from "../server/call.js";
import { page } from "../server/page.js";
import { repositoryRoutes } from "../server/repository-route.js";
import { by, inRepository, perform } from "./changes.js";
import { contextsOf } from "./gates.js";
import { resolveRef } from "./resolve-ref.js";

function deploymentIn(call: Call, repository: Repository): Deployment {
  const found = repository.deployments.get(numberParam(call, "id"));
  if (found === undefined) throw new Answered(NOT_FOUND);
  return found;
}

function isBehind(repository: Repository, branch: string, head: string): boolean {
  return commitsBetween(repository, branch, head).length > 0;
}

/** The contexts that refuse a deployment; those that are named must exist. */
function unverified(repository: Repository, sha: string, named: readonly string[] | undefined): readonly string[] {
  const states = contextsOf(repository, sha);
  return (named ?? [...states.keys()]).filter((context) => states.get(context) !== "success");
}

const NewDeployment = z.object({
  ref: z.string(),
  environment: z.string().optional(),
  description: z.string().nullish(),
  payload: z.record(z.string(), z.unknown()).optional(),
  auto_merge: z.boolean().default(true),
  required_contexts: z.array(z.string()).optional(),
  production_environment: z.boolean().optional(),
});

const NewStatus = z.object({
  state: z.enum(["error", "failure", "inactive", "in_progress", "queued", "pending", "success"]),
  description: z.string().optional(),
  environment_url: z.string().optional(),
  log_url: z.string().optional(),
});

const READ = ["deployments", "read"] as const;
const WRITE = ["deployments", "write"] as const;

export const deploymentRoutes = repositoryRoutes([
  {
    method: "GET",
    path: "/deployments",
    permission: READ,
    handle: (call, repository) => {
      const matches = (name: string, value: string): boolean => (call.query.get(name) ?? value) === value;
      const found = [...repository.deployments.values()]
        .filter(
          (each) => matches("sha", each.sha) && matches("ref", each.ref) && matches("environment", each.environment),
        )
        .reverse();
      return page(call, "deployment", found, (each) => renderDeployment(call.simulation.organisation, each));
    },
  },
  {
    method: "POST",
    path: "/deployments",
    permission: WRITE,
    content: true,
    handle: (call, repository) => {
      const wanted = bodyOf(call, NewDeployment);
      const { ref } = wanted;
      // GitHub's REST reference, 'Create a deployment': a branch that is behind is merged and not deployed, and every
      // status that is not green refuses, unless the caller switches both off.
      const head = repository.branches.get(repository.defaultBranch);
      const branch = repository.branches.get(ref);
      if (wanted.auto_merge && head !== undefined && branch !== undefined && isBehind(repository, branch, head))
        return { status: 202, body: { message: `Auto-merged ${repository.defaultBranch} into ${ref} on deployment.` } };
      const sha = resolveRef(repository, ref) ?? "";
      if (unverified(repository, sha, wanted.required_contexts).length > 0)
        return failure(409, `Conflict: Commit status checks failed for ${ref}`);
      const made = perform(call, "createDeployment", {
        ...inRepository(call, repository),
        ref: wanted.ref,
        description: wanted.description ?? null,
        payload: wanted.payload ?? {},
        ...(wanted.environment === undefined ? {} : { environment: wanted.environment }),
        ...(wanted.production_environment === undefined ? {} : { production: wanted.production_environment }),
      });
      return one("deployment", renderDeployment(call.simulation.organisation, made), 201);
    },
  },
  {
    method: "GET",
    path: "/deployments/:id",
    permission: READ,
    handle: (call, repository) =>
      one("deployment", renderDeployment(call.simulation.organisation, deploymentIn(call, repository))),
  },
  {
    method: "GET",
    path: "/deployments/:id/statuses",
    permission: READ,
    handle: (call, repository) => {
      const newestFirst = [...deploymentIn(call, repository).statuses].reverse();
      return page(call, "deployment-status", newestFirst, (each) =>
        renderDeploymentStatus(call.simulation.organisation, each),
      );
    },
  },
  {
    method: "GET",
    path: "/deployments/:id/statuses/:status",
    permission: READ,
    handle: (call, repository) => {
      const wanted = numberParam(call, "status");
      const found = deploymentIn(call, repository).statuses.find(({ id }) => id === wanted);
      if (found === undefined) return NOT_FOUND;
      return one("deployment-status", renderDeploymentStatus(call.simulation.organisation, found));
    },
  },
  {
    method: "POST",
    path: "/deployments/:id/statuses",
    permission: WRITE,
    content: true,
    handle: (call, repository) => {
      const wanted = bodyOf(call, NewStatus);
      const made = perform(call, "setDeploymentStatus", {
        ...by(call),
        deployment: deploymentIn(call, repository).id,
        state: wanted.state,
        description: wanted.description ?? "",
        environmentUrl: wanted.environment_url ?? "",
        logUrl: wanted.log_url ?? "",
      });
      return one("deployment-status", renderDeploymentStatus(call.simulation.organisation, made), 201);
    },
  },
]);
