import { z } from "zod";
import type { Outcome } from "../domain.js";
import { id } from "../facts/scalars.js";
import { purgeState, purgeRows, forgetTenant } from "../store/tenants/purge.js";
import { TENANT_ROWS } from "../store/tenants/tenant-rows.js";
import { defineAppJob } from "./define-job.js";

/**
 * Deletes the rows of a tenant after the grace period of its uninstallation. Its installation row stays, marked as
 * deleted.
 */
export const purgeTenant = defineAppJob({
  name: "purge-tenant",
  queue: "sync",
  payload: z.object({ installationId: id }),
  attempts: 8,
  key: ({ installationId }) => String(installationId),
  async run({ installationId }, { store, clock, signal }): Promise<Outcome> {
    const tenant = BigInt(installationId);
    const state = await purgeState(store.sql, tenant, clock.now());
    if (state !== "due") return { status: "skipped", reason: state };
    let rows = 0;
    for (const its of TENANT_ROWS.toReversed()) {
      for (let some = await purgeRows(store.sql, its, tenant); some > 0;) {
        rows += some;
        signal.throwIfAborted();
        some = await purgeRows(store.sql, its, tenant);
      }
    }
    await forgetTenant(store.sql, tenant);
    return { status: "done", reason: `${rows} rows of the tenant were deleted` };
  },
});
