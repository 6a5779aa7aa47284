import type { KnownRepository } from "../../store/repositories/find-repository.js";

/** The name in the audit log when no person releases a lock. */
export const APP = "companyos";

/** The lock of an environment. */
export function environmentLock(
  { installationId, ref }: Pick<KnownRepository, "installationId" | "ref">,
  name: string,
) {
  return { installationId, repository: ref, scope: { of: "environment", repositoryId: ref.id, name } as const };
}
