import { seconds, type Organisation } from "../organisation.js";
import type { Installation } from "../installation.js";
import type { Repository } from "../repository.js";
import { renderInstallation } from "../../render/app.js";
import { renderRepositoryName } from "../../render/repository.js";
import { renderAuthor } from "../../render/user.js";
import { emitToApp } from "./emit.js";
import { actor, ChangeRefused, repositoryNamed, type By } from "./find.js";

/** Sends `installation_repositories`. */
export function announceRepositories(
  organisation: Organisation,
  installation: Installation,
  action: "added" | "removed",
  repositories: readonly Repository[],
  by: By,
): void {
  const names = repositories.map(renderRepositoryName);
  emitToApp(organisation, "installation_repositories", action, installation.id, {
    installation: renderInstallation(organisation, installation),
    repository_selection: installation.selection,
    repositories_added: action === "added" ? names : [],
    repositories_removed: action === "removed" ? names : [],
    requester: null,
    sender: renderAuthor(organisation.urls, actor(organisation, by)),
  });
}

export interface InstallationRepositories extends By {
  /** Id of the installation. */
  readonly installation: number;
  /** Full names. */
  readonly repositories: readonly string[];
}

export function installationOf(organisation: Organisation, id: number): Installation {
  const found = organisation.installations.get(id);
  if (found === undefined) throw new ChangeRefused(404, `no installation ${id}`);
  return found;
}

export function addRepositories(organisation: Organisation, input: InstallationRepositories): Installation {
  const installation = installationOf(organisation, input.installation);
  const repositories = input.repositories.map((repository) => repositoryNamed(organisation, { repository }));
  installation.selection = "selected";
  for (const repository of repositories) installation.selected.add(repository);
  installation.updatedAt = seconds(organisation);
  announceRepositories(organisation, installation, "added", repositories, input);
  return installation;
}

/** Takes repositories from the installation; one that covered all is from now on a selection of the rest. */
export function removeRepositories(organisation: Organisation, input: InstallationRepositories): Installation {
  const installation = installationOf(organisation, input.installation);
  const repositories = input.repositories.map((repository) => repositoryNamed(organisation, { repository }));
  if (installation.selection === "all") {
    installation.selection = "selected";
    for (const each of organisation.repositories.values()) {
      if (each.owner === installation.account) installation.selected.add(each);
    }
  }
  for (const repository of repositories) installation.selected.delete(repository);
  installation.updatedAt = seconds(organisation);
  announceRepositories(organisation, installation, "removed", repositories, input);
  return installation;
}
