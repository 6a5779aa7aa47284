import { z } from "zod";
import { accessFacts, InstallationBody, installationFact } from "../facts/installation.js";
import { namedRepositoryFact, RepositoryName } from "../facts/repository.js";
import { Author, userFacts } from "../facts/user.js";
import { defineHandler } from "./handler.js";

const Payload = z.object({
  action: z.string(),
  installation: InstallationBody,
  repositories_added: z.array(RepositoryName),
  repositories_removed: z.array(RepositoryName),
  sender: Author,
});

function namesOf(repositories: readonly RepositoryName[]): string {
  return repositories.map(({ full_name }) => full_name).join(" ");
}

export const installationRepositories = defineHandler({
  on: "installation_repositories",
  actions: ["added", "removed"],
  payload: Payload,
  subject: () => null,
  skipWhen: [],
  facts({ installation, repositories_added: added, repositories_removed: removed, sender }) {
    const at = installation.updated_at;
    return [
      installationFact(installation, { observedAt: null }),
      ...[...added, ...removed].map(namedRepositoryFact),
      ...accessFacts(added, true, at),
      ...accessFacts(removed, false, at),
      ...userFacts([sender], at),
    ];
  },
  // GitHub gives no time for added and removed repositories, so the present list is read.
  jobs: ({ installation: { id }, repositories_added: added }) => [
    { name: "access", payload: { installationId: id } } as const,
    ...(added.length > 0
      ? [{ name: "sync", payload: { installationId: id, mode: "full", subject: namesOf(added) } } as const]
      : []),
  ],
});
