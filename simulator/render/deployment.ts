import type { Deployment, DeploymentStatus, Release } from "../organisation/repository.js";
import type { Organisation } from "../organisation/organisation.js";
import { repositoryApi, repositoryHtml } from "./conversation.js";
import { nodeId } from "./node-id.js";
import { iso, isoOrNull } from "./time.js";
import { renderAuthor } from "./user.js";

export function renderDeployment({ urls }: Organisation, deployment: Deployment) {
  const api = repositoryApi(urls, deployment.repository);
  const self = `${api}/deployments/${deployment.id}`;
  return {
    url: self,
    id: deployment.id,
    node_id: nodeId(deployment),
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: { ...deployment.payload },
    original_environment: deployment.environment,
    environment: deployment.environment,
    transient_environment: false,
    production_environment: deployment.production,
    description: deployment.description,
    creator: renderAuthor(urls, deployment.creator),
    created_at: iso(deployment.createdAt),
    updated_at: iso(deployment.updatedAt),
    statuses_url: `${self}/statuses`,
    repository_url: api,
    performed_via_github_app: null,
  };
}

export function renderDeploymentStatus({ urls }: Organisation, status: DeploymentStatus) {
  const api = repositoryApi(urls, status.deployment.repository);
  const deployment = `${api}/deployments/${status.deployment.id}`;
  return {
    url: `${deployment}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId(status),
    state: status.state,
    creator: renderAuthor(urls, status.creator),
    description: status.description,
    environment: status.deployment.environment,
    target_url: status.logUrl,
    created_at: iso(status.createdAt),
    updated_at: iso(status.createdAt),
    deployment_url: deployment,
    repository_url: api,
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    performed_via_github_app: null,
  };
}

export function renderRelease({ urls }: Organisation, release: Release) {
  const api = repositoryApi(urls, release.repository);
  const html = repositoryHtml(urls, release.repository);
  const self = `${api}/releases/${release.id}`;
  const assets: never[] = [];
  return {
    url: self,
    assets_url: `${self}/assets`,
    upload_url: `${self.replace("api.", "uploads.")}/assets{?name,label}`,
    html_url: release.draft ? `${html}/releases/tag/untagged-${release.id}` : `${html}/releases/tag/${release.tagName}`,
    id: release.id,
    node_id: nodeId(release),
    tag_name: release.tagName,
    target_commitish: release.target,
    name: release.name,
    draft: release.draft,
    immutable: false,
    author: renderAuthor(urls, release.author),
    prerelease: release.prerelease,
    created_at: iso(release.createdAt),
    updated_at: iso(release.updatedAt),
    published_at: isoOrNull(release.publishedAt),
    assets,
    tarball_url: release.draft ? null : `${api}/tarball/${release.tagName}`,
    zipball_url: release.draft ? null : `${api}/zipball/${release.tagName}`,
    body: release.body,
  };
}
