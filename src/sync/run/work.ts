import { RateLimitError } from "../../errors.js";
import { type CursorRow, earliestDue, nextCursors, NO_REPOSITORY } from "../../store/sync/cursors.js";
import type { ActiveRun } from "./active-run.js";
import { recordFailedStep } from "./give-up.js";
import { step } from "./step.js";

/** A wait for another try that is worth sitting out. */
const LONGEST_WAIT_MS = 10_000;

/**
 * Reads page after page until the run has no work left, a few at a time.
 * @throws RateLimitError when the quota is used up, once what is under way is stored.
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

  // What was under way when a process was killed is first in the list again. It is stored before anything else is begun:
  // a page that waits for its turn, while others go on, would be fetched anew by every process that is killed meanwhile.
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
  // What was busy when the list was read may be stored by now: the list shows it as it was before.
  const before = new Set(busy.keys());
  const cursors = await nextCursors(store.sql, run.id, clock.now(), concurrency + busy.size);
  const free = cursors.filter((cursor) => !before.has(keyOf(cursor)));
  // A full sync brings in what is found at once. The others compare: they need the lists to be complete first.
  const surveys = [...busy.keys()].some(isSurvey) || cursors.some((cursor) => isSurvey(keyOf(cursor)));
  return surveys && run.mode !== "full" ? free.filter((cursor) => isSurvey(keyOf(cursor))) : free;
}

/** False: nothing is left to do. */
async function waitForWork(run: ActiveRun): Promise<boolean> {
  const { store, clock, sleep } = run.options;
  const now = clock.now();
  // The list that was read says too little: what was under way then may have been stored since, and have found more.
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
