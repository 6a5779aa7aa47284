import { z } from "zod";
import type { Clock } from "../domain.js";
import type { Log } from "../log.js";
import { parsePayload } from "../process/payload.js";
import { addEvents } from "../store/events/event-log.js";
import { lockRouter, moveRouter } from "../store/events/cursors.js";
import type { Settled } from "../store/events/settled.js";
import { readDeliveries, type StreamedDelivery } from "../store/deliveries/read-stream.js";
import type { Sql, Store } from "../store/store.js";
import { deniedReason } from "../store/tenants/denied-reason.js";
import { type DeliveredEvent, deliveredEvent } from "./cloud-event.js";

export interface RouterOptions {
  readonly store: Pick<Store, "sql" | "transaction">;
  readonly settled: Settled;
  readonly clock: Clock;
  readonly log: Log;
  /** GitHub's web address, the source of the events. */
  readonly serverUrl: string;
  /** Deliveries in one transaction; default 500. */
  readonly limit?: number;
}

/**
 * Adds stored deliveries to the event stream, in the order of receipt, each once. Safe in any number of processes,
 * because one routes at a time.
 * @returns whether more deliveries may be waiting.
 */
export async function routeDeliveries(options: RouterOptions): Promise<boolean> {
  const { store, settled, clock, limit = 500 } = options;
  const upTo = await settled();
  return store.transaction(async (sql) => {
    const after = await lockRouter(sql);
    if (after === null || after >= upTo) return false;
    const deliveries = await readDeliveries(sql, { after, upTo, limit });
    const read = deliveries.flatMap((delivery) => readOne(options, delivery) ?? []);
    await addEvents(sql, await visible(sql, read));
    const position = deliveries.at(-1)?.id ?? upTo;
    await moveRouter(sql, position, clock.now());
    return deliveries.length > 0;
  });
}

/** Null: the delivery is not an event; its row has the reason. */
function readOne({ log, serverUrl }: RouterOptions, delivery: StreamedDelivery): DeliveredEvent | null {
  if (delivery.body === null) return null;
  try {
    return deliveredEvent(delivery, parsePayload(delivery.body.contentType, delivery.body.bytes), serverUrl);
  } catch (error) {
    log.warn({ err: error, delivery: delivery.guid }, "delivery payload cannot be read; no event published");
    return null;
  }
}

const Tenant = z.object({
  n: z.coerce.number(),
  installation_id: z.coerce.bigint().nullable(),
  allow_repositories: z.array(z.string()),
  deny_repositories: z.array(z.string()),
});

/** Without events of excluded repositories. An event without an installation gets its repository's. */
async function visible(sql: Sql, events: readonly DeliveredEvent[]): Promise<readonly DeliveredEvent[]> {
  if (events.length === 0) return [];
  const rows = await sql.query(
    `SELECT v.n::text AS n, COALESCE(v.installation, r.installation_id)::text AS installation_id,
       COALESCE(i.allow_repositories, '{}') AS allow_repositories, COALESCE(i.deny_repositories, '{}') AS deny_repositories
     FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS v (installation, repository, n)
     LEFT JOIN repositories r ON r.id = v.repository
     LEFT JOIN installations i ON i.id = COALESCE(v.installation, r.installation_id)
     ORDER BY v.n`,
    [events.map((event) => event.installationId), events.map((event) => event.repositoryId)],
    "events-tenants",
  );
  return rows.flatMap((row) => {
    const { n, installation_id: installationId, ...lists } = Tenant.parse(row);
    const event = events[n - 1];
    if (!event || (event.repository !== null && deniedReason(event.repository, lists) !== null)) return [];
    return [{ ...event, installationId }];
  });
}
