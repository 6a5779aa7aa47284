import { addCursors, type NewCursor, NO_REPOSITORY, takeFailedCursors, watermarkOf } from "../../store/sync/cursors.js";
import { continued } from "./continued.js";
import type { ActiveRun } from "./active-run.js";

/** The time that a reconciliation searches again: longer than any outage that a sync can survive unnoticed. */
const RECONCILE_BACK_MS = 3 * 86_400_000;

/**
 * Creates a run's first cursors; they find the rest of the work. Safe to repeat. False: nothing is stored yet that
 * could be updated.
 */
export async function planRun(run: ActiveRun): Promise<boolean> {
  const { store, clock, overlapMs } = run.options;
  return store.transaction(async (sql) => {
    const now = clock.now();
    const stored = await watermarkOf(sql, run.installationId);
    const since = stored && new Date(stored.getTime() - overlapMs);
    const survey = (entity: string, from: Date | null): NewCursor => ({
      repositoryId: NO_REPOSITORY,
      entity,
      position: 0,
      since: from,
      total: null,
    });
    switch (run.mode) {
      case "full":
        await addCursors(sql, run, [
          run.subject === null ? survey("repositories", null) : { ...survey("added", null), cursor: run.subject },
        ]);
        return true;
      case "spot":
        await addCursors(sql, run, [survey("subject", null)]);
        return true;
      case "incremental": {
        if (!since) return false;
        const again = await takeFailedCursors(sql, run, now);
        await addCursors(sql, run, [survey("search", since), ...continued(again)]);
        return true;
      }
      case "reconcile": {
        if (!since) return false;
        const back = new Date(Math.min(since.getTime(), now.getTime() - RECONCILE_BACK_MS));
        await addCursors(sql, run, [survey("repositories", back), survey("search", back)]);
        return true;
      }
    }
  });
}
