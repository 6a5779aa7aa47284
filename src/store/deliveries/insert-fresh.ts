import type { NewDelivery } from "./new-delivery.js";
import type { RunNamed } from "./connection.js";

/**
 * Inserts all rows and bodies of a batch in one statement, and so in one commit. The bodies are one binary parameter
 * that the statement cuts up, so that its text and plan are the same for every batch. A row whose GUID or dedupe key
 * exists is left out.
 */
const INSERT = `
  WITH input AS MATERIALIZED (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                         $8::text[], $9::int[], $10::int[], $11::int[], $12::text[])
      AS i(guid, event, content_type, hook_id, target_type, target_id, user_agent,
           dedupe_key, body_bytes, body_at, body_length, encoding)
  ), stored AS (
    INSERT INTO deliveries (guid, event, content_type, hook_id, target_type, target_id, user_agent,
                            dedupe_key, body_bytes, received_at)
    SELECT guid, event, content_type, hook_id, target_type, target_id, user_agent,
           decode(dedupe_key, 'hex'), body_bytes, $14::timestamptz
    FROM input
    ON CONFLICT DO NOTHING
    RETURNING id, guid
  ), bodies AS (
    INSERT INTO delivery_bodies (guid, encoding, body)
    SELECT stored.guid, input.encoding, substring($13::bytea FROM input.body_at FOR input.body_length)
    FROM stored JOIN input USING (guid)
  )
  SELECT id::text AS id, guid FROM stored`;

/**
 * Inserts the new deliveries. The GUIDs must be distinct.
 * @returns the new rows' ids by GUID; a missing GUID means that its row already existed.
 */
export async function insertFresh(
  run: RunNamed,
  deliveries: readonly NewDelivery[],
  now: Date,
): Promise<ReadonlyMap<string, string>> {
  // Sorted, because two processes that insert the same keys in different orders would deadlock.
  const sorted = deliveries
    .map((delivery) => ({ delivery, key: delivery.dedupeKey?.toString("hex") ?? null }))
    .sort((a, b) => compare(a.key ?? a.delivery.headers.guid, b.key ?? b.delivery.headers.guid));
  let at = 1;
  const column = <T>(of: (delivery: NewDelivery) => T): T[] => sorted.map(({ delivery }) => of(delivery));
  const rows = await run("deliveries-insert", INSERT, [
    column((d) => d.headers.guid),
    column((d) => d.headers.event),
    column((d) => d.headers.contentType),
    column((d) => d.headers.hookId),
    column((d) => d.headers.targetType),
    column((d) => d.headers.targetId),
    column((d) => d.headers.userAgent),
    sorted.map(({ key }) => key),
    column((d) => d.bodyBytes),
    column((d) => (at += d.stored.body.length) - d.stored.body.length),
    column((d) => d.stored.body.length),
    column((d) => d.stored.encoding),
    Buffer.concat(column((d) => d.stored.body)),
    now,
  ]);
  return new Map(rows.map((row) => [String(row["guid"]), String(row["id"])]));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
