import type { components } from "@octokit/openapi-types";
import type { Organization, User } from "@octokit/webhooks-types";
import type { Account } from "../organisation/account.js";
import { shown } from "../organisation/account.js";
import type { Urls } from "../organisation/organisation.js";
import { nodeId } from "./node-id.js";

type UserBody = User & components["schemas"]["simple-user"] & { name?: string; email?: string | null };

/** An account as REST and webhooks show it. */
export function renderUser(urls: Urls, account: Account): UserBody {
  const path = account.login.replace("[bot]", "%5Bbot%5D");
  const api = `${urls.api}/users/${path}`;
  const html =
    account.type === "Bot"
      ? `${urls.html}/apps/${account.login.replace("[bot]", "")}`
      : `${urls.html}/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(account),
    avatar_url: `https://avatars.githubusercontent.com/u/${account.id}?v=4`,
    gravatar_id: "",
    url: api,
    html_url: html,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: account.type === "Mannequin" ? "User" : account.type,
    site_admin: false,
  };
}

/** An author: null once the account is deleted. */
export function renderAuthor(urls: Urls, account: Account | null): UserBody | null {
  const visible = shown(account);
  return visible === null ? null : renderUser(urls, visible);
}

export function renderUsers(urls: Urls, accounts: readonly Account[]): UserBody[] {
  return accounts.filter((account) => !account.deleted).map((account) => renderUser(urls, account));
}

/** The `organization` of a payload. */
export function renderOrganization(urls: Urls, account: Account): Organization {
  const api = `${urls.api}/orgs/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(account),
    url: api,
    repos_url: `${api}/repos`,
    events_url: `${api}/events`,
    hooks_url: `${api}/hooks`,
    issues_url: `${api}/issues`,
    members_url: `${api}/members{/member}`,
    public_members_url: `${api}/public_members{/member}`,
    avatar_url: `https://avatars.githubusercontent.com/u/${account.id}?v=4`,
    description: null,
  };
}
