import { randomUUID } from "node:crypto";
import type { Config } from "../config.js";
import type { Clock } from "../domain.js";
import { leaveSink, pumpEvents } from "../events/pump.js";
import { routeDeliveries } from "../events/route.js";
import type { EventSink } from "../events/sink.js";
import { amqpSink } from "../events/sinks/amqp-sink.js";
import { redisStreamSink } from "../events/sinks/redis-stream-sink.js";
import { webhookSink } from "../events/sinks/webhook-sink.js";
import type { Log } from "../log.js";
import { ensureCursor } from "../store/events/cursors.js";
import { settledIn } from "../store/events/settled.js";
import type { Store } from "../store/store.js";
import { every, type Regular } from "../work/every.js";

/** The Redis stream that receives the events. */
export const STREAM_KEY = "companyos:events";

/** How often a process checks for new events (ms). */
const EVERY_MS = 250;
/** How long a sink may take to finish when the process stops (ms). */
const STOP_MS = 5_000;

export function eventSinks(
  { amqpUrl, amqpExchange, webhookUrl, webhookSecret, redisUrl }: Config["events"],
  clock: Clock,
): readonly EventSink[] {
  return [
    ...(amqpUrl === undefined ? [] : [amqpSink({ url: amqpUrl, exchange: amqpExchange })]),
    ...(webhookUrl === undefined || webhookSecret === undefined
      ? []
      : [webhookSink({ url: webhookUrl, secret: webhookSecret, clock })]),
    ...(redisUrl === undefined ? [] : [redisStreamSink({ url: redisUrl, key: STREAM_KEY })]),
  ];
}

export interface EventBusOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly sinks: readonly EventSink[];
  readonly serverUrl: string;
  /** Default 250. */
  readonly everyMs?: number;
}

/** Starts a worker's part of the event bus: deliveries into the stream, the stream to each sink. */
export async function startEventBus(options: EventBusOptions): Promise<Regular> {
  const { store, clock, log, sinks, serverUrl, everyMs = EVERY_MS } = options;
  for (const { name } of sinks) await ensureCursor(store.sql, name);
  const stopping = new AbortController();
  const token = randomUUID();
  const router = { store, settled: settledIn(store.sql, "deliveries"), clock, log, serverUrl };
  const pumps = sinks.map((sink) => ({ store, sink, settled: settledIn(store.sql, "events"), clock, log, token }));
  const regular = (what: string, work: () => Promise<boolean>): Regular =>
    every(everyMs, async () => ((await work()) ? { soonerMs: 0 } : {}), {
      jitter: Math.random,
      onError: (error) => log.error({ err: error }, `${what} failed; will retry`),
    });
  const running = [
    regular("event routing", () => routeDeliveries(router)),
    ...pumps.map((pump) => regular("event sink", () => pumpEvents(pump, stopping.signal))),
  ];
  return {
    async stop() {
      const cut = setTimeout(() => stopping.abort(), STOP_MS);
      await Promise.all(running.map((each) => each.stop()));
      clearTimeout(cut);
      await Promise.all(pumps.map((pump) => leaveSink(pump).catch(() => undefined)));
      await Promise.all(sinks.map((sink) => sink.close()));
    },
  };
}
