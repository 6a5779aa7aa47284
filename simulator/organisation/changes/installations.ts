import { account, newId, register, seconds, type Organisation } from "../organisation.js";
import { covers, type Installation, type Permissions } from "../installation.js";
import { renderInstallation } from "../../render/app.js";
import { renderRepositoryName } from "../../render/repository.js";
import { renderAuthor } from "../../render/user.js";
import { emitToApp } from "./emit.js";
import { actor, ChangeRefused, repositoryNamed, type By } from "./find.js";
import { installationOf } from "./installation-repositories.js";

function announce(organisation: Organisation, installation: Installation, action: string, by: By): void {
  const names = [...organisation.repositories.values()]
    .filter((repository) => covers(installation, repository))
    .map(renderRepositoryName);
  const withRepositories = action === "created" || action === "deleted";
  emitToApp(organisation, "installation", action, installation.id, {
    installation: renderInstallation(organisation, installation),
    ...(withRepositories ? { repositories: names } : {}),
    ...(action === "created" ? { requester: null } : {}),
    sender: renderAuthor(organisation.urls, actor(organisation, by)),
  });
}

export interface Install extends By {
  /** Login of the account; default the main organisation. */
  readonly account?: string;
  /** Full names; default all repositories, those to come included. */
  readonly repositories?: readonly string[];
  readonly permissions?: Permissions;
}

export function install(organisation: Organisation, input: Install = {}): Installation {
  const owner = account(organisation, input.account ?? organisation.main.login, "Organization");
  for (const each of organisation.installations.values()) {
    if (each.account === owner) throw new ChangeRefused(422, `already installed on ${owner.login}`);
  }
  const now = seconds(organisation);
  const installation: Installation = {
    kind: "installation",
    id: newId(organisation),
    account: owner,
    selection: input.repositories === undefined ? "all" : "selected",
    selected: new Set((input.repositories ?? []).map((repository) => repositoryNamed(organisation, { repository }))),
    permissions: input.permissions ?? organisation.app.permissions,
    events: organisation.app.events,
    createdAt: now,
    updatedAt: now,
    suspendedAt: null,
    suspendedBy: null,
  };
  organisation.installations.set(installation.id, register(organisation, installation));
  announce(organisation, installation, "created", input);
  return installation;
}

export interface OnInstallation extends By {
  /** Id of the installation. */
  readonly installation: number;
}

export function uninstall(organisation: Organisation, input: OnInstallation): void {
  const installation = installationOf(organisation, input.installation);
  announce(organisation, installation, "deleted", input);
  organisation.installations.delete(installation.id);
  organisation.nodes.delete(installation.id);
}

export function suspendInstallation(organisation: Organisation, input: OnInstallation): Installation {
  const installation = installationOf(organisation, input.installation);
  if (installation.suspendedAt !== null) return installation;
  installation.suspendedAt = seconds(organisation);
  installation.suspendedBy = actor(organisation, input);
  installation.updatedAt = installation.suspendedAt;
  announce(organisation, installation, "suspend", input);
  return installation;
}

export function unsuspendInstallation(organisation: Organisation, input: OnInstallation): Installation {
  const installation = installationOf(organisation, input.installation);
  if (installation.suspendedAt === null) return installation;
  installation.suspendedAt = null;
  installation.suspendedBy = null;
  installation.updatedAt = seconds(organisation);
  announce(organisation, installation, "unsuspend", input);
  return installation;
}

export interface AcceptPermissions extends OnInstallation {
  readonly permissions: Permissions;
  readonly events?: readonly string[];
}

/** The account accepts new permissions (or, for a test, has fewer than the App asks for). */
export function acceptPermissions(organisation: Organisation, input: AcceptPermissions): Installation {
  const installation = installationOf(organisation, input.installation);
  installation.permissions = input.permissions;
  installation.events = input.events ?? organisation.app.events;
  installation.updatedAt = seconds(organisation);
  announce(organisation, installation, "new_permissions_accepted", input);
  return installation;
}

/** A person takes the App's authorisation back. */
export function revokeAuthorization(organisation: Organisation, input: By): void {
  emitToApp(organisation, "github_app_authorization", "revoked", null, {
    sender: renderAuthor(organisation.urls, actor(organisation, input)),
  });
}
