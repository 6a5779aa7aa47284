import { z } from "zod";
import type { Store } from "../../store/store.js";
import { findTenant } from "../../store/tenants/tenant.js";

const Owned = z.looseObject({
  installation: z.unknown().optional(),
  repository: z.looseObject({ id: z.number().int(), owner: z.looseObject({ id: z.number().int() }) }),
});

/**
 * A workflow's payload names no installation, but every row needs one. It gets the negative account id of the owner:
 * the same in each run, and never one of GitHub's, which are positive. If the database knows the repository's
 * installation, that one is used.
 */
export async function withInstallation(payload: unknown, store: Store): Promise<unknown> {
  const owned = Owned.safeParse(payload).data;
  if (owned === undefined || (owned.installation !== undefined && owned.installation !== null)) return payload;
  const { repository } = owned;
  if ((await findTenant(store.sql, null, repository.id)).installationId !== null) return payload;
  return { ...owned, installation: { id: -repository.owner.id } };
}
