import type { components } from "@octokit/openapi-types";
import type { Account, Team } from "../organisation/account.js";
import type { Issue, Label, PullRequest, Reaction, ReactionContent } from "../organisation/conversation.js";
import { REACTIONS } from "../organisation/conversation.js";
import type { Urls } from "../organisation/organisation.js";
import { fullName, type Repository } from "../organisation/repository.js";
import { nodeId } from "./node-id.js";

export function repositoryApi(urls: Urls, repository: Repository): string {
  return `${urls.api}/repos/${fullName(repository)}`;
}

export function repositoryHtml(urls: Urls, repository: Repository): string {
  return `${urls.html}/${fullName(repository)}`;
}

const DEFAULT_LABELS: ReadonlySet<string> = new Set(["bug", "documentation", "enhancement", "question", "wontfix"]);

export function renderLabel(urls: Urls, repository: Repository, label: Label) {
  return {
    id: label.id,
    node_id: nodeId(label),
    url: `${repositoryApi(urls, repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: DEFAULT_LABELS.has(label.name),
    description: label.description,
  };
}

export function renderTeam(urls: Urls, owner: Account, team: Team) {
  const api = `${urls.api}/organizations/${owner.id}/team/${team.id}`;
  return {
    name: team.name,
    id: team.id,
    node_id: nodeId(team),
    slug: team.slug,
    description: null,
    privacy: "closed" as const,
    type: "organization" as const,
    url: api,
    html_url: `${urls.html}/orgs/${owner.login}/teams/${team.slug}`,
    members_url: `${api}/members{/member}`,
    repositories_url: `${api}/repos`,
    permission: "push",
    parent: null,
  };
}

function count(reactions: readonly Reaction[], content: ReactionContent): number {
  return reactions.filter((reaction) => reaction.content === content).length;
}

export function renderReactions(url: string, reactions: readonly Reaction[]): components["schemas"]["reaction-rollup"] {
  const [plus, minus, laugh, confused, heart, hooray, rocket, eyes] = REACTIONS.map((each) => count(reactions, each));
  return {
    url: `${url}/reactions`,
    total_count: reactions.length,
    "+1": plus ?? 0,
    "-1": minus ?? 0,
    laugh: laugh ?? 0,
    hooray: hooray ?? 0,
    confused: confused ?? 0,
    heart: heart ?? 0,
    rocket: rocket ?? 0,
    eyes: eyes ?? 0,
  };
}

export type Association = "OWNER" | "MEMBER" | "COLLABORATOR" | "CONTRIBUTOR" | "NONE";

/** How the author stands to the repository. */
export function association(repository: Repository, author: Account): Association {
  if (author === repository.owner) return "OWNER";
  const role = repository.roles.get(author.id);
  if (role === undefined || role === "none") return author.type === "Bot" ? "NONE" : "CONTRIBUTOR";
  return role === "read" || role === "triage" ? "COLLABORATOR" : "MEMBER";
}

export function conversationHtml(urls: Urls, on: Issue | PullRequest): string {
  return `${repositoryHtml(urls, on.repository)}/${on.kind === "pull" ? "pull" : "issues"}/${on.number}`;
}
