import { z } from "zod";
import type { RunNamed } from "./connection.js";
import { insertFresh } from "./insert-fresh.js";
import type { NewDelivery, Recorded } from "./new-delivery.js";

/** For how long the same body under another GUID counts as a replay. */
export const DEDUPE_WINDOW_MS = 3 * 24 * 60 * 60_000;
/** Each round settles all rows that no other process is changing at that moment. */
const ROUNDS = 5;

/**
 * Locks in sorted order, so that two batches with the same rows do not deadlock. A waiting retry becomes due at once,
 * and a dead letter starts again, because someone requested the redelivery. A permanently invalid delivery stays
 * unchanged.
 */
const COUNT_REDELIVERIES = `
  WITH repeated AS MATERIALIZED (
    SELECT d.id, d.status, d.error_kind, i.times FROM deliveries d
    JOIN (SELECT guid, count(*)::int AS times FROM unnest($1::text[]) AS g(guid) GROUP BY guid) i USING (guid)
    ORDER BY d.id FOR UPDATE OF d
  ), settled AS MATERIALIZED (
    SELECT *, status = 'failed' AND error_kind IS DISTINCT FROM 'invalid' AS revived FROM repeated
  )
  UPDATE deliveries d SET redeliveries = d.redeliveries + r.times,
    status = CASE WHEN r.revived THEN 'received' ELSE d.status END,
    attempts = CASE WHEN r.revived THEN 0 ELSE d.attempts END,
    processed_at = CASE WHEN r.revived THEN NULL ELSE d.processed_at END,
    run_at = CASE WHEN d.status = 'retry' THEN $2::timestamptz ELSE d.run_at END
  FROM settled r WHERE d.id = r.id
  RETURNING d.id::text AS id, d.guid, d.status IN ('received', 'processing', 'retry') AS unfinished`;

const FIND_FIRSTS = `
  SELECT id::text AS id, guid, encode(dedupe_key, 'hex') AS dedupe_key, received_at <= $2::timestamptz AS expired
  FROM deliveries WHERE dedupe_key = ANY (SELECT decode(k, 'hex') FROM unnest($1::text[]) AS k)
  ORDER BY id FOR UPDATE`;

const RELEASE_KEYS = `UPDATE deliveries SET dedupe_key = NULL WHERE id = ANY ($1::bigint[])`;

const INSERT_DUPLICATES = `
  INSERT INTO deliveries (guid, event, content_type, hook_id, target_type, target_id, user_agent,
                          body_bytes, duplicate_of, status, reason, received_at, processed_at)
  SELECT guid, event, content_type, hook_id, target_type, target_id, user_agent,
         body_bytes, duplicate_of, 'duplicate',
         'the same event and body came as ' || duplicate_of, $10::timestamptz, $10::timestamptz
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
              $8::int[], $9::text[])
    AS i(guid, event, content_type, hook_id, target_type, target_id, user_agent, body_bytes, duplicate_of)
  ORDER BY guid
  ON CONFLICT (guid) DO NOTHING
  RETURNING guid`;

const Redelivered = z.object({ id: z.string(), guid: z.string(), unfinished: z.boolean() });
const First = z.object({ id: z.string(), guid: z.string(), dedupe_key: z.string(), expired: z.boolean() });

/**
 * Settles deliveries whose row already existed. Same GUID: counts the redelivery, and wakes the row if it is unfinished
 * or a dead letter. Same event and body within the window: stores a row that points to the first one. A key older than
 * the window is released, and the delivery is new. Run it in a transaction.
 */
export async function settleRepeats(
  run: RunNamed,
  deliveries: readonly NewDelivery[],
  now: Date,
): Promise<ReadonlyMap<NewDelivery, Recorded>> {
  const settled = new Map<NewDelivery, Recorded>();
  let open = deliveries;
  for (let round = 0; round < ROUNDS && open.length > 0; round++) {
    await countRedeliveries(run, open, now, settled);
    open = open.filter((delivery) => !settled.has(delivery));
    if (open.length > 0) await insertOne(run, open, now, settled);
    open = open.filter((delivery) => !settled.has(delivery));
  }
  if (open.length > 0) throw new Error(`${open.length} deliveries could not be settled in ${ROUNDS} rounds`);
  return settled;
}

type Settled = Map<NewDelivery, Recorded>;

async function countRedeliveries(
  run: RunNamed,
  open: readonly NewDelivery[],
  now: Date,
  settled: Settled,
): Promise<void> {
  const rows = await run("deliveries-redelivered", COUNT_REDELIVERIES, [open.map(({ headers }) => headers.guid), now]);
  const found = new Map(rows.map((row) => Redelivered.parse(row)).map((row) => [row.guid, row]));
  for (const delivery of open) {
    const row = found.get(delivery.headers.guid);
    if (row) settled.set(delivery, { duplicate: true, wake: row.unfinished ? row.id : null });
  }
}

/** One delivery for each GUID; a second one with the same GUID is its redelivery in the next round. */
async function insertOne(run: RunNamed, open: readonly NewDelivery[], now: Date, settled: Settled): Promise<void> {
  const distinct = [...new Map(open.map((delivery) => [delivery.headers.guid, delivery])).values()];
  const firsts = await liveFirsts(run, distinct, now);
  const firstOf = (delivery: NewDelivery): string | undefined => firsts.get(delivery.dedupeKey?.toString("hex") ?? "");
  const replays = distinct.filter((delivery) => firstOf(delivery) !== undefined);
  const kept = await insertDuplicates(run, replays, firstOf, now);
  const fresh = distinct.filter((delivery) => firstOf(delivery) === undefined);
  const ids = await insertFresh(run, fresh, now);
  for (const delivery of replays)
    if (kept.has(delivery.headers.guid)) settled.set(delivery, { duplicate: true, wake: null });
  for (const delivery of fresh) {
    const id = ids.get(delivery.headers.guid);
    if (id !== undefined) settled.set(delivery, { duplicate: false, wake: id });
  }
}

/** The first delivery's GUID by dedupe key, for keys in the window. Older keys are released. */
async function liveFirsts(
  run: RunNamed,
  open: readonly NewDelivery[],
  now: Date,
): Promise<ReadonlyMap<string, string>> {
  const keys = open.flatMap(({ dedupeKey }) => dedupeKey?.toString("hex") ?? []);
  const since = new Date(now.getTime() - DEDUPE_WINDOW_MS);
  const firsts = (await run("deliveries-firsts", FIND_FIRSTS, [keys, since])).map((row) => First.parse(row));
  const expired = firsts.filter((first) => first.expired).map(({ id }) => id);
  if (expired.length > 0) await run("deliveries-release", RELEASE_KEYS, [expired]);
  return new Map(firsts.filter((first) => !first.expired).map((first) => [first.dedupe_key, first.guid]));
}

async function insertDuplicates(
  run: RunNamed,
  replays: readonly NewDelivery[],
  firstOf: (delivery: NewDelivery) => string | undefined,
  now: Date,
): Promise<ReadonlySet<string>> {
  if (replays.length === 0) return new Set();
  const rows = await run("deliveries-duplicates", INSERT_DUPLICATES, [
    replays.map((d) => d.headers.guid),
    replays.map((d) => d.headers.event),
    replays.map((d) => d.headers.contentType),
    replays.map((d) => d.headers.hookId),
    replays.map((d) => d.headers.targetType),
    replays.map((d) => d.headers.targetId),
    replays.map((d) => d.headers.userAgent),
    replays.map((d) => d.bodyBytes),
    replays.map((d) => firstOf(d) ?? null),
    now,
  ]);
  return new Set(rows.map((row) => String(row["guid"])));
}
