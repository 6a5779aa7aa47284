import type { KnownRepository } from "../../store/repositories/find-repository.js";

/** Who releases a lock where no person does, as the audit log names it. */
export const APP = "companyos";

/** The lock of an environment. */
export function environmentLock(
  { installationId, ref }: Pick<KnownRepository, "installationId" | "ref">,
  name: string,
) {
  return { installationId, repository: ref, scope: { of: "environment", repositoryId: ref.id, name } as const };
}
