import { addLease, type BudgetState } from "../../store/sync/budget-row.js";
import type { Store } from "../../store/store.js";
import type { BudgetSettings } from "./class.js";
import { type Ask, decide, pointsTime, serverTime } from "./decide.js";
import type { Sleep } from "./budget.js";

/** A live call waits so long for the row, and then goes on without it. */
const LONGEST_MS = 250;

/**
 * Notes a live call, which waits for no turn: everybody else sees it, and paces behind it. Gives until when GitHub takes
 * no call at all, or null. A row that cannot be written holds nothing up.
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
