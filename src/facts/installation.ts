import { z } from "zod";
import type { InstallationFact, RepositoryAccessFact } from "./fact.js";
import type { RepositoryName } from "./repository.js";
import { BEFORE_ANY_VERSION, id, instant, orNull } from "./scalars.js";
import type { UserBody } from "./user.js";

/**
 * How long the rows of a tenant are kept after an uninstallation: 30 days, to export them or to install the App again.
 */
export const GRACE_MS = 30 * 86_400_000;

export const InstallationBody = z.object({
  id,
  app_id: orNull(id),
  /** An enterprise has a slug and no login. */
  account: z.object({ id, login: orNull(z.string()), slug: orNull(z.string()), type: orNull(z.string()) }),
  target_type: orNull(z.string()),
  repository_selection: orNull(z.string()),
  permissions: z.record(z.string(), z.string()).nullish(),
  events: z.array(z.string()).nullish(),
  suspended_at: orNull(instant),
  updated_at: instant,
});
export type InstallationBody = z.infer<typeof InstallationBody>;

export function installationFact(
  body: InstallationBody,
  seen: { readonly observedAt: string | null; readonly deleted?: boolean },
): InstallationFact {
  const login = body.account.login ?? body.account.slug ?? String(body.account.id);
  return {
    entity: "installation",
    key: login,
    observedAt: seen.observedAt,
    deleted: seen.deleted ?? false,
    row: {
      id: body.id,
      account_id: body.account.id,
      account_login: login,
      account_type: body.account.type ?? body.target_type ?? "Organization",
      app_id: body.app_id,
      repository_selection: body.repository_selection,
      permissions: body.permissions ?? {},
      events: body.events ?? [],
      suspended_at: body.suspended_at,
      updated_at: body.updated_at,
    },
  };
}

/** A placeholder row of an installation whose own delivery has not arrived; any real body replaces it. */
export function namedInstallationFact(id: number, account: UserBody): InstallationFact {
  return {
    entity: "installation",
    key: account.login,
    observedAt: null,
    deleted: false,
    row: {
      id,
      account_id: account.id,
      account_login: account.login,
      account_type: account.type ?? "Organization",
      app_id: null,
      repository_selection: null,
      permissions: {},
      events: [],
      suspended_at: null,
      updated_at: BEFORE_ANY_VERSION,
    },
  };
}

/** Whether the installation has access to each of the repositories, as of `at`. */
export function accessFacts(
  repositories: readonly Pick<RepositoryName, "id" | "full_name">[],
  granted: boolean,
  at: string,
): RepositoryAccessFact[] {
  return repositories.map((repository) => ({
    entity: "repository_access",
    key: repository.full_name,
    row: { id: repository.id, granted, at },
  }));
}
