import { z } from "zod";
import type { Store } from "../../store/store.js";
import { findTenant } from "../../store/tenants/tenant.js";

const Owned = z.looseObject({
  installation: z.unknown().optional(),
  repository: z.looseObject({ id: z.number().int(), owner: z.looseObject({ id: z.number().int() }) }),
});

/**
 * A workflow's payload names no installation, and every row belongs to one. It gets the owner's account id below zero:
 * the same in each run, and never GitHub's own, which are positive. A repository whose installation the database knows
 * stays with that one.
 */
export async function withInstallation(payload: unknown, store: Store): Promise<unknown> {
  const owned = Owned.safeParse(payload).data;
  if (owned === undefined || (owned.installation !== undefined && owned.installation !== null)) return payload;
  const { repository } = owned;
  if ((await findTenant(store.sql, null, repository.id)).installationId !== null) return payload;
  return { ...owned, installation: { id: -repository.owner.id } };
}
