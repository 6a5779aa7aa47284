import { shown } from "../../organisation/account.js";
import { findCommit } from "../../organisation/git.js";
import type { Deployment, DeploymentStatus, Release } from "../../organisation/repository.js";
import { repositoryHtml } from "../../render/conversation.js";
import { nodeId } from "../../render/node-id.js";
import { iso, isoOrNull } from "../../render/time.js";
import { connectAll } from "../connection.js";
import { define, ofKind } from "../define.js";
import { CommitIn, RefIn } from "../wrappers.js";

/** The deployment's own state, which follows its last status under other names. */
function stateOf(deployment: Deployment): string {
  const last = deployment.statuses.at(-1)?.state;
  return last === undefined ? "PENDING" : last === "success" ? "ACTIVE" : last.toUpperCase();
}

function refOf(deployment: Deployment): RefIn | null {
  const sha = deployment.repository.branches.get(deployment.ref);
  return sha === undefined ? null : new RefIn(deployment.repository, "refs/heads/", deployment.ref, sha);
}

export const deployment = define(ofKind<Deployment>("deployment"), {
  id: (source) => nodeId(source),
  databaseId: (source) => source.id,
  commitOid: (source) => source.sha,
  commit: (source) => {
    const commit = findCommit(source.repository, source.sha);
    return commit === null ? null : new CommitIn(source.repository, commit);
  },
  createdAt: (source) => iso(source.createdAt),
  updatedAt: (source) => iso(source.updatedAt),
  creator: (source) => shown(source.creator),
  description: (source) => source.description,
  environment: (source) => source.environment,
  originalEnvironment: (source) => source.environment,
  latestEnvironment: (source) => source.environment,
  payload: (source) => JSON.stringify(source.payload),
  task: (source) => source.task,
  state: (source) => stateOf(source),
  ref: (source) => refOf(source),
  repository: (source) => source.repository,
  latestStatus: (source) => source.statuses.at(-1) ?? null,
  statuses: (source, args) => connectAll([...source.statuses].reverse(), args),
});

export const deploymentStatus = define(ofKind<DeploymentStatus>("deployment-status"), {
  id: (source) => nodeId(source),
  state: (source) => source.state.toUpperCase(),
  creator: (source) => shown(source.creator),
  description: (source) => source.description,
  environment: (source) => source.deployment.environment,
  environmentUrl: (source) => (source.environmentUrl === "" ? null : source.environmentUrl),
  logUrl: (source) => (source.logUrl === "" ? null : source.logUrl),
  createdAt: (source) => iso(source.createdAt),
  updatedAt: (source) => iso(source.createdAt),
  deployment: (source) => source.deployment,
});

export const release = define(ofKind<Release>("release"), {
  id: (source) => nodeId(source),
  databaseId: (source) => source.id,
  name: (source) => source.name,
  tagName: (source) => source.tagName,
  description: (source) => source.body,
  isDraft: (source) => source.draft,
  isPrerelease: (source) => source.prerelease,
  isLatest: (source) => [...source.repository.releases.values()].filter((each) => !each.draft).at(-1) === source,
  author: (source) => (source.author.type === "User" ? shown(source.author) : null),
  createdAt: (source) => iso(source.createdAt),
  publishedAt: (source) => isoOrNull(source.publishedAt),
  updatedAt: (source) => iso(source.updatedAt),
  repository: (source) => source.repository,
  tagCommit: (source) => {
    const sha = source.repository.tags.get(source.tagName);
    const commit = sha === undefined ? null : findCommit(source.repository, sha);
    return commit === null ? null : new CommitIn(source.repository, commit);
  },
  url: (source, _args, { simulation }) =>
    `${repositoryHtml(simulation.organisation.urls, source.repository)}/releases/tag/${source.tagName}`,
});
