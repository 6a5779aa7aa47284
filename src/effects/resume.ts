import { effectSchema } from "./effect.js";
import { blockedRequests } from "../store/effects/ledger.js";
import type { Store } from "../store/store.js";
import type { EffectContext, EffectResult, EffectWriter } from "./writer.js";

/**
 * Applies what was blocked while writes were paused, in the order in which it was decided; what a later decision
 * replaced is cancelled. Effects that this version cannot read stay blocked.
 */
export async function resumeBlocked(
  store: Store,
  installationId: bigint,
  writer: EffectWriter,
  context: EffectContext,
): Promise<readonly EffectResult[]> {
  const requests = await blockedRequests(store.sql, installationId);
  return writer.apply(
    requests.flatMap((request) => effectSchema.safeParse(request).data ?? []),
    context,
  );
}
