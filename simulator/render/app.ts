import type { Installation } from "../organisation/installation.js";
import type { Organisation } from "../organisation/organisation.js";
import { nodeId } from "./node-id.js";
import { iso, isoOrNull } from "./time.js";
import { renderAuthor, renderUser } from "./user.js";

/** The App as `GET /app` and `performed_via_github_app` show it. */
export function renderApp({ app, urls }: Organisation) {
  return {
    id: app.id,
    slug: app.slug,
    client_id: app.clientId,
    node_id: `A_kwDO${app.id.toString(36)}`,
    owner: renderUser(urls, app.owner),
    name: app.name,
    description: "",
    external_url: "https://example.com",
    html_url: `${urls.html}/apps/${app.slug}`,
    created_at: iso(1_600_000_000),
    updated_at: iso(1_600_000_000),
    permissions: { ...app.permissions },
    events: [...app.events],
  };
}

/** An installation as REST and `installation` payloads show it. */
export function renderInstallation({ app, urls }: Organisation, installation: Installation) {
  const api = `${urls.api}/app/installations/${installation.id}`;
  const organization = installation.account.type === "Organization";
  const paths: string[] = [];
  return {
    id: installation.id,
    account: renderUser(urls, installation.account),
    repository_selection: installation.selection,
    access_tokens_url: `${api}/access_tokens`,
    repositories_url: `${urls.api}/installation/repositories`,
    html_url: organization
      ? `${urls.html}/organizations/${installation.account.login}/settings/installations/${installation.id}`
      : `${urls.html}/settings/installations/${installation.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: installation.account.id,
    target_type: organization ? ("Organization" as const) : ("User" as const),
    permissions: { ...installation.permissions },
    events: [...installation.events],
    created_at: iso(installation.createdAt),
    updated_at: iso(installation.updatedAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: paths,
    suspended_by: renderAuthor(urls, installation.suspendedBy),
    suspended_at: isoOrNull(installation.suspendedAt),
  };
}

/** What every other payload carries of its installation. */
export function renderInstallationLite(installation: Installation) {
  return { id: installation.id, node_id: nodeId(installation) };
}
