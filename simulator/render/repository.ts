import { fullName, type Repository } from "../organisation/repository.js";
import type { Urls } from "../organisation/organisation.js";
import { nodeId } from "./node-id.js";
import { repositoryUrls } from "./repository-urls.js";
import { iso, isoOrNull } from "./time.js";
import { renderUser } from "./user.js";

export function openIssueCount(repository: Repository): number {
  let count = 0;
  for (const issue of repository.issues.values()) if (issue.state === "open") count += 1;
  for (const pull of repository.pulls.values()) if (pull.state === "open") count += 1;
  return count;
}

const counts = new WeakMap<Repository, { readonly revision: number; readonly open: number }>();

function openIssues(repository: Repository): number {
  const known = counts.get(repository);
  if (known?.revision === repository.revision) return known.open;
  const open = openIssueCount(repository);
  counts.set(repository, { revision: repository.revision, open });
  return open;
}

/** A repository as REST and webhooks show it. */
export function renderRepository(urls: Urls, repository: Repository) {
  const path = fullName(repository);
  const open = openIssues(repository);
  const topics: string[] = [];
  return {
    id: repository.id,
    node_id: nodeId(repository),
    name: repository.name,
    full_name: path,
    private: repository.visibility !== "public",
    owner: renderUser(urls, repository.owner),
    description: repository.description,
    fork: repository.fork,
    ...repositoryUrls(`${urls.api}/repos/${path}`, `${urls.html}/${path}`, path),
    created_at: iso(repository.createdAt),
    updated_at: iso(repository.updatedAt),
    pushed_at: isoOrNull(repository.pushedAt) ?? iso(repository.createdAt),
    homepage: null,
    size: repository.commits.size,
    stargazers_count: 0,
    watchers_count: 0,
    language: repository.language,
    has_issues: repository.takesIssues,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: repository.archived,
    disabled: repository.blocked === "disabled",
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics,
    visibility: repository.visibility,
    forks: 0,
    open_issues: open,
    watchers: 0,
    default_branch: repository.defaultBranch,
    custom_properties: {},
  };
}

/** The short form in lists of an installation's repositories. */
export function renderRepositoryName(repository: Repository) {
  return {
    id: repository.id,
    node_id: nodeId(repository),
    name: repository.name,
    full_name: fullName(repository),
    private: repository.visibility !== "public",
  };
}
