import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { OutgoingEvent } from "../../src/events/cloud-event.js";
import { pumpEvents } from "../../src/events/pump.js";
import { routeDeliveries } from "../../src/events/route.js";
import type { EventSink } from "../../src/events/sink.js";
import { createLog } from "../../src/log.js";
import { compress } from "../../src/store/deliveries/compression.js";
import { ensureCursor } from "../../src/store/events/cursors.js";
import { settledIn } from "../../src/store/events/settled.js";
import type { Sql, Store } from "../../src/store/store.js";

export const clock = { now: () => new Date() };
export const log = createLog({ level: "silent" });
export const SERVER_URL = "https://github.example.com";

export const CloudEvent = z.looseObject({
  specversion: z.literal("1.0"),
  id: z.string(),
  source: z.string(),
  type: z.string(),
  subject: z.string().optional(),
  data: z.unknown(),
});

export interface Planted {
  readonly guid?: string;
  readonly event?: string;
  readonly payload: object;
}

/** Stores a delivery as the inbox does, without one. */
export async function plantDelivery(
  sql: Sql,
  { guid = randomUUID(), event = "pull_request", payload }: Planted,
): Promise<string> {
  const bytes = Buffer.from(JSON.stringify(payload));
  const { encoding, body } = await compress([bytes], bytes.length);
  await sql.query(
    `WITH d AS (INSERT INTO deliveries (guid, event, content_type, body_bytes) VALUES ($1, $2, 'application/json', $3))
     INSERT INTO delivery_bodies (guid, encoding, body) VALUES ($1, $4, $5)`,
    [guid, event, bytes.length, encoding, body],
  );
  return guid;
}

/** A payload about pull request `number` of `repository`, an id. */
export function pullRequest(number: number, { installation = 1, repository = 10, owner = "acme" } = {}): object {
  return {
    action: "opened",
    number,
    pull_request: { number },
    repository: { id: repository, full_name: `${owner}/r${repository}` },
    installation: { id: installation },
  };
}

export function router(store: Store, limit?: number) {
  const settled = settledIn(store.sql, "deliveries");
  return () =>
    routeDeliveries({ store, settled, clock, log, serverUrl: SERVER_URL, ...(limit !== undefined && { limit }) });
}

/** A process that pumps to a sink. `retryMs` is short: nothing waits for a back-off. */
export async function pumpOf(store: Store, sink: EventSink, { token = randomUUID(), leaseMs = 60_000 } = {}) {
  await ensureCursor(store.sql, sink.name);
  const settled = settledIn(store.sql, "events");
  const options = { store, sink, settled, clock, log, token, leaseMs, retryMs: () => 1 };
  return (signal = new AbortController().signal) => pumpEvents(options, signal);
}

/** Keeps what it gets. `before` may fail for an event. */
export function memorySink(name: string, before: (event: OutgoingEvent) => Promise<void> | void = () => undefined) {
  const got: OutgoingEvent[] = [];
  const sink: EventSink = {
    name,
    most: 20,
    givesUp: true,
    async send(events, accepted) {
      for (const event of events) {
        await before(event);
        got.push(event);
        accepted(event);
      }
    },
    close: () => Promise.resolve(),
  };
  return { sink, got };
}

/** Repeats `work` until `done`. Fails after 30 s. */
export async function until(done: () => boolean | Promise<boolean>, work: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await done())) {
    if (Date.now() > deadline) throw new Error("it was not done within 30 s");
    await work();
    await delay(2);
  }
}
