import { findCommit } from "../git.js";
import { newId, seconds, type Organisation } from "../organisation.js";
import type { CommitStatus, WaitingJob } from "../repository.js";
import { renderDeployment } from "../../render/deployment.js";
import { renderPull } from "../../render/pull.js";
import { repositoryApi } from "../../render/conversation.js";
import { createDeployment, setDeploymentStatus } from "./deployments.js";
import { emit, installationFor } from "./emit.js";
import { actor, ChangeRefused, repositoryNamed, type InRepository } from "./find.js";

export interface SetCommitStatus extends InRepository {
  readonly sha: string;
  readonly context: string;
  readonly state: CommitStatus["state"];
}

/** A commit status of another system. No handler of ours subscribes to its event. */
export function setCommitStatus(organisation: Organisation, input: SetCommitStatus): CommitStatus {
  const repository = repositoryNamed(organisation, input);
  if (findCommit(repository, input.sha) === null) throw new ChangeRefused(422, `No commit found for SHA: ${input.sha}`);
  const { context, state } = input;
  const status: CommitStatus = { id: newId(organisation), context, state, createdAt: seconds(organisation) };
  repository.statuses.set(input.sha, [...(repository.statuses.get(input.sha) ?? []), status]);
  repository.revision += 1;
  return status;
}

/** A ruleset of the default branch requires these contexts. */
export function requireChecks(
  organisation: Organisation,
  input: InRepository & { readonly contexts: readonly string[] },
): void {
  repositoryNamed(organisation, input).requiredChecks = input.contexts;
}

export interface StartJob extends InRepository {
  readonly environment: string;
  /** Default the head of the default branch. */
  readonly sha?: string;
  /** The event that started the workflow; default `push`. */
  readonly event?: string;
  /** False: `environment: { deployment: false }` in the workflow. */
  readonly deployment?: boolean;
}

/**
 * A job that names an environment with our App's protection rule: GitHub makes its deployment, which waits, and asks the App.
 * Source: GitHub's documentation, 'Creating custom deployment protection rules'.
 */
export function startJob(organisation: Organisation, input: StartJob): { readonly id: number } {
  const repository = repositoryNamed(organisation, input);
  const sha = input.sha ?? repository.branches.get(repository.defaultBranch) ?? "";
  const { environment } = input;
  const by = actor(organisation, input);
  const made = input.deployment !== false;
  const named = { repository: input.repository, by: by.login };
  const deployment = made ? createDeployment(organisation, { ...named, ref: sha, environment }) : null;
  if (deployment !== null)
    setDeploymentStatus(organisation, { deployment: deployment.id, state: "waiting", by: by.login });
  const job: WaitingJob = {
    runId: newId(organisation),
    environment,
    sha,
    deployment,
    state: "waiting",
    answers: [],
  };
  repository.waitingJobs.push(job);
  // Only Apps that may read actions and write deployments can be chosen as a rule.
  const permissions = installationFor(organisation, repository)?.permissions ?? {};
  if (permissions["actions"] === undefined || permissions["deployments"] !== "write") return { id: job.runId };
  const api = repositoryApi(organisation.urls, repository);
  const pulls = [...repository.pulls.values()].filter((pull) => pull.headSha === sha && pull.state === "open");
  emit(organisation, {
    event: "deployment_protection_rule",
    action: "requested",
    repository,
    sender: by,
    body: {
      environment,
      event: input.event ?? "push",
      sha,
      ref: `refs/heads/${repository.defaultBranch}`,
      deployment_callback_url: `${api}/actions/runs/${job.runId}/deployment_protection_rule`,
      deployment: deployment === null ? null : renderDeployment(organisation, deployment),
      pull_requests: pulls.map((pull) => renderPull(organisation.urls, pull)),
    },
  });
  return { id: job.runId };
}

export interface ReviewJob extends InRepository {
  readonly runId: number;
  readonly environment: string;
  /** Null: a comment only, and the job goes on waiting. */
  readonly state: "approved" | "rejected" | null;
  readonly comment: string;
}

/** GitHub takes so many comments without a state. Source: 'Creating custom deployment protection rules'. */
const MOST_COMMENTS = 10;

/** Our App's answer to its protection rule. A job that waits no more takes none. */
export function reviewJob(organisation: Organisation, input: ReviewJob): WaitingJob {
  const repository = repositoryNamed(organisation, input);
  const job = repository.waitingJobs.find(
    (each) => each.runId === input.runId && each.environment === input.environment,
  );
  if (job === undefined) throw new ChangeRefused(404, `no run ${input.runId} waits for ${input.environment}`);
  if (job.state !== "waiting") throw new ChangeRefused(422, "No pending deployment requests to approve or reject");
  const { state, comment } = input;
  const comments = job.answers.filter((answer) => answer.state === null).length;
  if (state === null && comments >= MOST_COMMENTS) throw new ChangeRefused(422, "Too many comments");
  job.answers.push({ state, comment });
  if (state !== null) job.state = state;
  const { deployment } = job;
  if (deployment !== null && state !== null)
    setDeploymentStatus(organisation, {
      deployment: deployment.id,
      state: state === "approved" ? "in_progress" : "failure",
      by: deployment.creator.login,
    });
  return job;
}
