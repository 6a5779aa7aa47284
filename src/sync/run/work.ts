import { RateLimitError } from "../../errors.js";
import { type CursorRow, earliestDue, nextCursors, NO_REPOSITORY } from "../../store/sync/cursors.js";
import type { ActiveRun } from "./active-run.js";
import { recordFailedStep } from "./give-up.js";
import { step } from "./step.js";

/** The longest wait for a retry within the run. */
const LONGEST_WAIT_MS = 10_000;

/**
 * Reads page after page, a few concurrently, until the run has no cursors left.
 * @throws RateLimitError when the rate limit is used up, after the running pages are stored.
 */
export async function work(run: ActiveRun): Promise<void> {
  const busy = new Map<string, Promise<void>>();
  const stops: Error[] = [];
  const start = (cursor: CursorRow): void => {
    const key = keyOf(cursor);
    const done = step(run, cursor)
      .catch((error: unknown) => recordFailedStep(run, cursor, error))
      .catch((error: unknown) => {
        stops.push(error instanceof Error ? error : new Error(String(error)));
      })
      .finally(() => busy.delete(key));
    busy.set(key, done);
  };
  const startFree = async (): Promise<void> => {
    const free = run.options.concurrency - busy.size;
    if (free > 0) (await nextFree(run, busy)).slice(0, free).forEach(start);
  };

  // Pages that were running when a process was killed come first. They are stored before other pages begin; otherwise
  // each killed process would fetch them again.
  await startFree();
  await Promise.all(busy.values());

  while (stops.length === 0) {
    await startFree();
    if (busy.size > 0) await Promise.race(busy.values());
    else if (!(await waitForWork(run))) break;
  }
  await Promise.all(busy.values());
  const [stop] = stops;
  if (stop) throw stop;
}

async function nextFree(run: ActiveRun, busy: ReadonlyMap<string, unknown>): Promise<readonly CursorRow[]> {
  const { store, clock, concurrency } = run.options;
  // A cursor that was busy when the list was read may be done by now, and the list is older.
  const before = new Set(busy.keys());
  const cursors = await nextCursors(store.sql, run.id, clock.now(), concurrency + busy.size);
  const free = cursors.filter((cursor) => !before.has(keyOf(cursor)));
  // A full sync reads found work at once. The other modes compare, and need complete lists first.
  const surveys = [...busy.keys()].some(isSurvey) || cursors.some((cursor) => isSurvey(keyOf(cursor)));
  return surveys && run.mode !== "full" ? free.filter((cursor) => isSurvey(keyOf(cursor))) : free;
}

/** False: no work is left. */
async function waitForWork(run: ActiveRun): Promise<boolean> {
  const { store, clock, sleep } = run.options;
  const now = clock.now();
  // The list may be out of date: pages that ran meanwhile may have added work.
  const due = await earliestDue(store.sql, run.id, now);
  if (due === null) return false;
  const ms = due.getTime() - now.getTime();
  if (ms > LONGEST_WAIT_MS) throw new RateLimitError("All remaining lists wait for their next attempt", due);
  if (ms > 0) await sleep(ms, run.signal);
  return true;
}

function keyOf({ repository_id, entity }: CursorRow): string {
  return `${repository_id} ${entity}`;
}

function isSurvey(key: string): boolean {
  return key.startsWith(`${NO_REPOSITORY} `);
}
