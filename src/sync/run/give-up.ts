import { redact } from "../../log.js";
import { kindOf, messageOf, PausedError, RateLimitError } from "../../errors.js";
import { SupersededError } from "../../store/sync/superseded.js";
import { type CursorRow, failCursor, leaveCursor, NO_REPOSITORY } from "../../store/sync/cursors.js";
import { ExcludedError } from "../excluded.js";
import type { ActiveRun } from "./active-run.js";
import { classOf } from "./class-of.js";
import { rejectOutage } from "./outage.js";

/** Attempts of a page within a run, if a retry may help. */
const TRIES = 8;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 8_000;

/** The data is not the problem; the whole run has to wait. */
function isWait(error: unknown): boolean {
  return error instanceof RateLimitError || error instanceof PausedError;
}

/** An incremental run does not wait for a whole list that exceeds the rate limit; a later run continues the list. */
function leavesBehind(run: ActiveRun, cursor: CursorRow): boolean {
  return (run.mode === "incremental" || run.mode === "reconcile") && classOf(run, cursor) === "full";
}

async function leave(run: ActiveRun, cursor: CursorRow, error: RateLimitError): Promise<void> {
  const { repository_id: repositoryId, entity } = cursor;
  await failCursor(run.options.store.sql, run.id, {
    repositoryId,
    entity,
    kind: error.kind,
    text: redact(messageOf(error)),
    retryAt: error.resetAt,
    givenUp: true,
  });
}

/**
 * Records that a page could not be read. The failing repository is named and left for a later run, so that it does not
 * block the others.
 * @throws failures that concern the whole run: a used-up rate limit, an unavailable host, a stop, and failures of an
 * account's own list.
 */
export async function recordFailedStep(run: ActiveRun, cursor: CursorRow, error: unknown): Promise<void> {
  if (run.signal.aborted || error instanceof SupersededError) throw error;
  const { store, clock, retryLaterMs, log } = run.options;
  if (error instanceof ExcludedError) {
    const { message: reason } = error;
    await leaveCursor(store.sql, run.id, cursor, reason);
    log.info(
      { run: String(run.id), repositoryId: cursor.repository_id, entity: cursor.entity, reason },
      "sync list excluded",
    );
    if (cursor.repository_id === NO_REPOSITORY) throw error;
    return;
  }
  if (error instanceof RateLimitError && leavesBehind(run, cursor)) return leave(run, cursor, error);
  if (isWait(error)) throw error;
  const kind = kindOf(error);
  const helps = kind === "network" || kind === "unknown";
  const givenUp = !helps || cursor.attempts + 1 >= TRIES;
  if (givenUp && cursor.repository_id === NO_REPOSITORY) throw error;
  if (givenUp && kind === "network") await rejectOutage(run, classOf(run, cursor), error);
  const now = clock.now().getTime();
  const pause = givenUp ? retryLaterMs : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** cursor.attempts);
  const { repository_id: repositoryId, entity } = cursor;
  log.warn({ run: String(run.id), repositoryId, entity, kind, givenUp, error: messageOf(error) }, "sync page failed");
  const retryAt = new Date(now + pause);
  await failCursor(store.sql, run.id, { repositoryId, entity, kind, text: redact(messageOf(error)), retryAt, givenUp });
}
