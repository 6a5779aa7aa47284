import type { Account } from "../account.js";
import type { EventName } from "../delivery.js";
import { covers, type Installation } from "../installation.js";
import type { Organisation } from "../organisation.js";
import type { Repository } from "../repository.js";
import { renderInstallationLite } from "../../render/app.js";
import { renderRepository } from "../../render/repository.js";
import { renderAuthor, renderOrganization } from "../../render/user.js";

/** The installation that GitHub would tell about a change in this repository, if any. */
export function installationFor(organisation: Organisation, repository: Repository): Installation | null {
  for (const installation of organisation.installations.values()) {
    if (covers(installation, repository)) return installation;
  }
  return null;
}

interface Emission {
  readonly event: EventName;
  readonly action: string | null;
  readonly repository: Repository;
  readonly sender: Account;
  readonly body: { readonly [key: string]: unknown };
  /** Replaces the usual form of the repository (pushes have their own). */
  readonly repositoryBody?: ReturnType<typeof renderRepository> | { readonly id: number; readonly full_name: string };
}

/** Puts a delivery in the outbox, when an installation sees the repository, is not suspended and subscribes. */
export function emit(organisation: Organisation, emission: Emission): void {
  if (organisation.silent) return;
  const installation = installationFor(organisation, emission.repository);
  if (installation === null || installation.suspendedAt !== null) return;
  if (!installation.events.includes(emission.event)) return;
  const { event, action, repository } = emission;
  organisation.outbox.push({
    event,
    action,
    installationId: installation.id,
    repositoryId: repository.id,
    payload: {
      ...(action === null ? {} : { action }),
      ...emission.body,
      repository: emission.repositoryBody ?? renderRepository(organisation.urls, repository),
      ...(repository.owner.type === "Organization"
        ? { organization: renderOrganization(organisation.urls, repository.owner) }
        : {}),
      sender: renderAuthor(organisation.urls, emission.sender),
      installation: renderInstallationLite(installation),
    },
  });
}

/** Puts a delivery about an installation or the App in the outbox; the App always gets these. */
export function emitToApp(
  organisation: Organisation,
  event: EventName,
  action: string,
  installationId: number | null,
  body: { readonly [key: string]: unknown },
): void {
  if (organisation.silent) return;
  organisation.outbox.push({ event, action, installationId, repositoryId: null, payload: { action, ...body } });
}
