import { addLease, type BudgetState } from "../../store/sync/budget-row.js";
import type { Store } from "../../store/store.js";
import type { BudgetSettings } from "./class.js";
import { type Ask, decide, pointsTime, serverTime } from "./decide.js";
import type { Sleep } from "./budget.js";

/** How long a live call waits for the row before it proceeds without it. */
const LONGEST_MS = 250;

/**
 * Records a live call, which waits for no turn, so that other calls pace behind it. Returns until when GitHub accepts
 * no call, or null. A failure to write the row does not delay the call.
 */
export async function passBy(
  { store, settings, sleep }: { readonly store: Store; readonly settings: BudgetSettings; readonly sleep: Sleep },
  installationId: bigint,
  ask: Ask,
): Promise<number | null> {
  const patience = new AbortController();
  const { token, points, now, resource } = ask;
  const lease = { token, points, startedAt: now, until: now + settings.leaseMs };
  const noted = { lease, now, pointsMs: pointsTime(ask, settings), secondsShare: serverTime(1, settings) };
  const state = await Promise.race([
    addLease(store, installationId, resource, noted).catch(() => null),
    sleep(LONGEST_MS, patience.signal).then(
      () => null,
      () => null,
    ),
  ]).finally(() => patience.abort());
  return state && closedUntil(state, ask, settings);
}

function closedUntil(state: BudgetState, ask: Ask, settings: BudgetSettings): number | null {
  const others = state.leases.filter(({ token }) => token !== ask.token);
  const verdict = decide({ ...state, leases: others }, ask, settings);
  return verdict.kind === "wait" && verdict.why === "quota" ? verdict.until : null;
}
