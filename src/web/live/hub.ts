import type { Context } from "hono";
import { z } from "zod";
import type { Clock } from "../../domain.js";
import type { Log } from "../../log.js";
import type { Store } from "../../store/store.js";
import type { ViewerOf } from "../viewer.js";

/** The tables of each topic. */
const TOPICS = {
  deliveries: ["deliveries"],
  jobs: ["jobs"],
  runs: ["agent_runs", "findings"],
  effects: ["effects"],
  pulls: ["pull_requests", "reviews"],
  issues: ["issues", "issue_comments"],
  deployments: ["deployments", "deployment_statuses"],
  sync: ["sync_runs", "sync_cursors"],
  health: ["health_checks", "alerts", "rate_budgets"],
  drift: ["drift_ledger"],
} as const;
export type Topic = keyof typeof TOPICS;
const NAMES = [
  "deliveries",
  "jobs",
  "runs",
  "effects",
  "pulls",
  "issues",
  "deployments",
  "sync",
  "health",
  "drift",
] as const;

const POLL_MS = 1_000;
const HEARTBEAT_MS = 15_000;
export const LIVE_PATH = "/live";
/** Open streams of this process; all tabs of a browser share one. */
export const MOST_STREAMS = 500;

export interface LiveOptions {
  readonly store: Pick<Store, "sql">;
  readonly clock: Clock;
  readonly log: Log;
  readonly viewerOf: ViewerOf;
}

export interface LiveHub {
  /** Answers `GET /live` with server-sent events that name the changed topics, never their content. */
  stream(c: Context): Promise<Response>;
  close(): void;
}

/** The number of rows ever written to the tables of each topic. */
type Counts = Readonly<Record<Topic, number>>;

interface Listener {
  send(text: string): void;
  end(): void;
}

/**
 * One poll in a process, only while a stream is open. It reads PostgreSQL's own counts of written rows, so that no
 * table is read and the inbox's commits are not slowed. An event's id consists of the counts, so that any process can
 * resume from it.
 */
export function createLiveHub({ store, log, viewerOf }: LiveOptions): LiveHub {
  const listeners = new Set<Listener>();
  let last: Counts | null = null;
  let timer: NodeJS.Timeout | null = null;
  let beatAt = 0;
  let closed = false;

  const poll = async (): Promise<void> => {
    const counts = await readCounts(store).catch((error: unknown) => {
      log.warn({ err: error }, "live poll failed; will retry");
      return null;
    });
    const topics = counts && last ? changedTopics(last, counts) : [];
    if (counts) last = counts;
    const now = performance.now();
    if (counts && topics.length > 0) broadcast(eventOf(topics, counts));
    else if (now - beatAt > HEARTBEAT_MS) broadcast(": alive\n\n");
  };
  const broadcast = (text: string): void => {
    beatAt = performance.now();
    for (const listener of listeners) listener.send(text);
  };
  const again = (): void => {
    timer = setTimeout(() => void poll().finally(() => (listeners.size > 0 ? again() : (timer = null))), POLL_MS);
    timer.unref();
  };

  return {
    async stream(c) {
      if ((await viewerOf(c.req.raw)) === null) return c.text("sign in first", 401);
      if (listeners.size >= MOST_STREAMS) return c.text("too many open streams", 503, { "retry-after": "30" });
      const since = readId(c.req.header("last-event-id") ?? c.req.query("last") ?? "");
      const counts = await readCounts(store);
      // The process is stopping: a stream that began meanwhile would delay it.
      if (closed) return c.text("the process is stopping", 503, { "retry-after": "2" });
      last ??= counts;
      const encoder = new TextEncoder();
      let listener: Listener | null = null;
      const body = new ReadableStream<Uint8Array>(
        {
          start(controller) {
            const mine: Listener = {
              send(text) {
                // A browser that does not read is disconnected, because nothing is buffered for it.
                if ((controller.desiredSize ?? 0) <= 0) mine.end();
                else controller.enqueue(encoder.encode(text));
              },
              end() {
                if (listeners.delete(mine)) controller.close();
              },
            };
            listener = mine;
            listeners.add(mine);
            const missed = since === null ? [] : changedTopics(since, counts);
            mine.send(`retry: 2000\n\n${eventOf(missed, counts)}`);
            if (timer === null) again();
          },
          cancel() {
            if (listener) listeners.delete(listener);
          },
        },
        { highWaterMark: 64 },
      );
      return new Response(body, {
        headers: { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" },
      });
    },
    close() {
      closed = true;
      if (timer) clearTimeout(timer);
      timer = null;
      for (const listener of listeners) listener.end();
    },
  };
}

const Row = z.object({ relname: z.string(), written: z.coerce.number() });

async function readCounts({ sql }: Pick<Store, "sql">): Promise<Counts> {
  const tables = Object.values(TOPICS).flat();
  const rows = await sql.query(
    `SELECT relname, n_tup_ins + n_tup_upd + n_tup_del AS written FROM pg_stat_user_tables WHERE relname = ANY ($1::text[])`,
    [tables],
    "live",
  );
  const written = new Map(rows.map((row) => Row.parse(row)).map(({ relname, written: count }) => [relname, count]));
  const of = (topic: Topic): number => TOPICS[topic].reduce((sum, table) => sum + (written.get(table) ?? 0), 0);
  return {
    deliveries: of("deliveries"),
    jobs: of("jobs"),
    runs: of("runs"),
    effects: of("effects"),
    pulls: of("pulls"),
    issues: of("issues"),
    deployments: of("deployments"),
    sync: of("sync"),
    health: of("health"),
    drift: of("drift"),
  };
}

export function changedTopics(before: Counts, after: Counts): readonly Topic[] {
  return NAMES.filter((topic) => before[topic] !== after[topic]);
}

function eventOf(topics: readonly Topic[], counts: Counts): string {
  return `event: changed\nid: ${NAMES.map((topic) => counts[topic].toString(36)).join(".")}\ndata: ${JSON.stringify(topics)}\n\n`;
}

/** The counts in an event's id; null when the id is not valid. */
export function readId(text: string): Counts | null {
  const parts = text.split(".").map((part) => Number.parseInt(part, 36));
  if (parts.length !== NAMES.length || parts.some((part) => !Number.isSafeInteger(part))) return null;
  const [
    deliveries = 0,
    jobs = 0,
    runs = 0,
    effects = 0,
    pulls = 0,
    issues = 0,
    deployments = 0,
    sync = 0,
    health = 0,
    drift = 0,
  ] = parts;
  return { deliveries, jobs, runs, effects, pulls, issues, deployments, sync, health, drift };
}
