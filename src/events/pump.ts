import type { Clock } from "../domain.js";
import { kindOf, messageOf, RateLimitError } from "../errors.js";
import { type Log, redact } from "../log.js";
import { payloadText } from "../process/payload.js";
import { readBodies } from "../store/deliveries/read-stream.js";
import { addDeadLetter, failCursor, holdCursor, moveCursor, releaseCursor } from "../store/events/cursors.js";
import { readEvents, type StoredEvent } from "../store/events/event-log.js";
import type { Settled } from "../store/events/settled.js";
import type { Sql, Store } from "../store/store.js";
import { cut } from "../text/cut.js";
import { type OutgoingEvent, outgoing } from "./cloud-event.js";
import type { EventSink } from "./sink.js";

export interface PumpOptions {
  readonly store: Pick<Store, "sql">;
  readonly sink: EventSink;
  readonly settled: Settled;
  readonly clock: Clock;
  readonly log: Log;
  /** Identifies this process among those that share the cursor. */
  readonly token: string;
  readonly leaseMs?: number;
  /** How long to wait after a failed attempt (ms). */
  readonly retryMs?: (attempt: number) => number;
}

/** Longer than a sink may take for one batch. */
const LEASE_MS = 60_000;
const ERROR_LENGTH = 500;
/**
 * The attempts for an event that a subscriber refuses; an unreachable subscriber is retried for some hours. Then the
 * event is a dead letter.
 */
const MOST_ATTEMPTS = { invalid: 3, other: 20 } as const;

/** 1 s, 2 s, 4 s, up to 15 minutes. */
function backOff(attempt: number): number {
  return Math.min(1_000 * 2 ** (attempt - 1), 15 * 60_000);
}

/**
 * Sends a sink its next events in order, each at least once. One process at a time serves a sink.
 * @returns whether more events may be waiting.
 */
export async function pumpEvents(options: PumpOptions, signal: AbortSignal): Promise<boolean> {
  const { store, sink, settled, clock, token, leaseMs = LEASE_MS } = options;
  const upTo = await settled();
  const held = await holdCursor(store.sql, { name: sink.name, token, now: clock.now(), leaseMs });
  if (held === null) return false;
  const events = await readEvents(store.sql, { after: held.position, upTo, limit: sink.most });
  if (events.length === 0) return false;
  const messages = await withBodies(store.sql, events);
  let accepted = 0;
  const position = (): bigint => events[accepted - 1]?.position ?? held.position;
  const renewal = setInterval(() => {
    void holdCursor(store.sql, { name: sink.name, token, now: clock.now(), leaseMs }).catch(() => undefined);
  }, leaseMs / 3);
  const failure = await sink
    .send(messages, () => (accepted += 1), signal)
    .then(
      () => null,
      (error: unknown) => ({ error }),
    )
    .finally(() => clearInterval(renewal));
  if (
    accepted > 0 &&
    !(await moveCursor(store.sql, { name: sink.name, token, position: position(), now: clock.now() }))
  )
    return false;
  if (failure === null) return true;
  // The process is stopping, which is not a failure.
  if (signal.aborted) return false;
  await fail(options, events[accepted], accepted > 0 ? 1 : held.attempts + 1, failure.error);
  return false;
}

/** Releases the sink for another process. */
export function leaveSink({ store, sink, token }: PumpOptions): Promise<void> {
  return releaseCursor(store.sql, sink.name, token);
}

/** Events in their sent form, with the bodies of their deliveries. */
export async function withBodies(sql: Sql, events: readonly StoredEvent[]): Promise<readonly OutgoingEvent[]> {
  const bodies = await readBodies(
    sql,
    events.flatMap(({ data, eventId }) => (data === null ? [eventId] : [])),
  );
  return events.map((event) => {
    const body = bodies.get(event.eventId);
    return outgoing(event, body ? payloadText(body.contentType, body.bytes) : null);
  });
}

async function fail(
  { store, sink, clock, log, token, retryMs = backOff }: PumpOptions,
  event: StoredEvent | undefined,
  attempts: number,
  error: unknown,
): Promise<void> {
  const { name } = sink;
  const text = cut(redact(messageOf(error)), ERROR_LENGTH);
  const now = clock.now();
  const most = kindOf(error) === "invalid" ? MOST_ATTEMPTS.invalid : MOST_ATTEMPTS.other;
  const about = { sink: name, event: event?.eventId, attempts, reason: text };
  if (event && sink.givesUp && attempts >= most) {
    const { eventId, topic, installationId } = event;
    await addDeadLetter(store.sql, { sink: name, eventId, topic, installationId, attempts, error: text, now });
    await moveCursor(store.sql, { name, token, position: event.position, now });
    log.error(about, "event became a dead letter");
    return;
  }
  const retryAt = error instanceof RateLimitError ? error.resetAt : new Date(now.getTime() + retryMs(attempts));
  await failCursor(store.sql, { name, token, error: text, retryAt });
  log.warn(about, "events could not be sent; will retry");
}
