import type { Context } from "hono";
import pLimit from "p-limit";
import type { Clock } from "../../domain.js";
import type { OutgoingEvent } from "../../events/cloud-event.js";
import { withBodies } from "../../events/pump.js";
import type { Log } from "../../log.js";
import { oldestEvent, readEvents } from "../../store/events/event-log.js";
import { settledIn } from "../../store/events/settled.js";
import type { Store } from "../../store/store.js";
import { type ApiEnv, narrowed } from "../api/access.js";
import { ProblemError } from "../api/problem.js";
import { InstallationText } from "../api/schemas.js";
import type { Viewer, ViewerOf } from "../viewer.js";

export const EVENTS_PATH = "/api/integrations/github/events";
/** The most open streams of this process, and of one viewer. */
export const MOST_EVENT_STREAMS = 100;
const MOST_OF_VIEWER = 5;

const POLL_MS = 500;
const HEARTBEAT_MS = 15_000;
/** How often the viewer's access to the stream is checked. */
const RECHECK_MS = 60_000;
const BATCH = 50;
/** Streams that read the database at once. */
const READERS = 3;

export interface EventStreamOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly viewerOf: ViewerOf;
}

export interface EventStream {
  /** Answers with server-sent events after `Last-Event-ID`. Without it the stream begins with the next event. */
  open(c: Context<ApiEnv>): Promise<Response>;
  /** Ends the open streams. */
  close(): void;
}

interface Listener {
  readonly login: string;
  /** The stream has grown, or ends. */
  wake(): void;
}

/**
 * Events for programs, as server-sent events. A stream buffers no events: it reads the next ones under row-level
 * security when its reader has taken the last ones, so a slow reader costs no memory.
 */
export function createEventStream({ store, clock, log, viewerOf }: EventStreamOptions): EventStream {
  const settled = settledIn(store.sql, "events");
  const reads = pLimit(READERS);
  const listeners = new Set<Listener>();
  let upTo = 0n;
  let timer: NodeJS.Timeout | null = null;
  const process = { closes: false };

  const poll = async (): Promise<void> => {
    const bound = await settled().catch((error: unknown) => {
      log.warn({ err: error }, "event poll failed; will retry");
      return upTo;
    });
    if (bound <= upTo) return;
    upTo = bound;
    for (const listener of listeners) listener.wake();
  };
  const again = (): void => {
    timer = setTimeout(() => void poll().finally(() => (listeners.size > 0 ? again() : (timer = null))), POLL_MS);
    timer.unref();
  };

  /** Resolves after the wake of this listener, true, or after the heartbeat's time, false. */
  const waiting = () => {
    let woken: ((yes: boolean) => void) | null = null;
    return {
      wake: (): void => woken?.(true),
      next: (): Promise<boolean> =>
        new Promise((resolve) => {
          const beat = setTimeout(() => woken?.(false), HEARTBEAT_MS);
          beat.unref();
          woken = (yes) => {
            clearTimeout(beat);
            woken = null;
            resolve(yes);
          };
        }),
    };
  };

  const admit = (viewer: Viewer): void => {
    if (!viewer.scopes.has("events")) throw new ProblemError(403, "This API token lacks the scope 'events'.");
    if (process.closes) throw new ProblemError(503, "The process is stopping. Connect again.");
    const own = [...listeners].filter(({ login }) => login === viewer.login).length;
    if (own >= MOST_OF_VIEWER || listeners.size >= MOST_EVENT_STREAMS)
      throw new ProblemError(
        429,
        `Too many open event streams: at most ${MOST_OF_VIEWER} for a person. Close one first.`,
      );
  };

  return {
    async open(c) {
      const viewer = c.get("viewer");
      admit(viewer);
      const installation = InstallationText.parse(c.req.query("installation"));
      narrowed(viewer, installation);
      const wanted = topicFilter(c.req.query("topic"));
      const from = lastEventId(c.req.header("last-event-id") ?? c.req.query("last"));
      upTo = await settled();
      const oldest = from === null ? null : ((await oldestEvent(store.sql)) ?? upTo + 1n);
      let position = from ?? upTo;
      const waits = waiting();
      const listener: Listener = { login: viewer.login, wake: waits.wake };
      admit(viewer);
      listeners.add(listener);
      if (timer === null) again();
      let checkedAt = clock.now().getTime();
      let current = viewer;
      const stillAllowed = async (): Promise<boolean> => {
        if (clock.now().getTime() - checkedAt < RECHECK_MS) return true;
        checkedAt = clock.now().getTime();
        const found = await viewerOf(c.req.raw);
        if (found === null || !found.scopes.has("events")) return false;
        current = found;
        return true;
      };
      const next = async (): Promise<string> => {
        const bound = upTo;
        const { events, messages } = await reads(async () => {
          const scope = narrowed(current, installation);
          const visible = await store.readAs(scope, ({ sql }) =>
            readEvents(sql, { after: position, upTo: bound, limit: BATCH }),
          );
          const asked = visible.filter(({ topic }) => wanted(topic));
          return { events: visible, messages: await withBodies(store.sql, asked) };
        });
        // Rows hidden by row-level security are skipped.
        position = events.length === 0 ? bound : (events.at(-1)?.position ?? bound);
        return messages.map(messageOf).join("");
      };
      const encoder = new TextEncoder();
      const body = new ReadableStream<Uint8Array>(
        {
          start(controller) {
            controller.enqueue(encoder.encode(`retry: 2000\n\n${gapOf(from, oldest)}`));
          },
          async pull(controller) {
            try {
              while (!process.closes && (await stillAllowed())) {
                const text =
                  position < upTo ? await next() : (await waits.next()) || process.closes ? "" : ": alive\n\n";
                if (text !== "") return controller.enqueue(encoder.encode(text));
              }
              controller.close();
            } catch (error) {
              log.warn({ err: error }, "event stream ended; its reader connects again");
              controller.error(error);
            }
            listeners.delete(listener);
          },
          cancel() {
            listeners.delete(listener);
            waits.wake();
          },
        },
        { highWaterMark: 1 },
      );
      return new Response(body, {
        headers: { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" },
      });
    },
    close() {
      process.closes = true;
      if (timer) clearTimeout(timer);
      timer = null;
      for (const listener of listeners) listener.wake();
    },
  };
}

/** `github.push,github.pull_request.*`: exact topics, and prefixes that end with `*`. */
function topicFilter(text: string | undefined): (topic: string) => boolean {
  if (text === undefined || text === "") return () => true;
  const patterns = text.split(",").map((part) => part.trim());
  return (topic) =>
    patterns.some((pattern) => (pattern.endsWith("*") ? topic.startsWith(pattern.slice(0, -1)) : topic === pattern));
}

function lastEventId(text: string | undefined): bigint | null {
  if (text === undefined || text === "") return null;
  if (!/^\d{1,18}$/.test(text)) throw new ProblemError(400, "Last-Event-ID is not the id of an event of this stream.");
  return BigInt(text);
}

/** Reports that events after `from` are no longer stored. */
function gapOf(from: bigint | null, oldest: bigint | null): string {
  if (from === null || oldest === null || from + 1n >= oldest) return "";
  return `event: gap\ndata: ${JSON.stringify({ after: String(from), continuesAt: String(oldest) })}\n\n`;
}

function messageOf({ position, json }: OutgoingEvent): string {
  const data = json
    .split(/\r\n|\r|\n/)
    .map((line) => `data: ${line}\n`)
    .join("");
  return `id: ${position}\n${data}\n`;
}
