import type { NewDelivery } from "./new-delivery.js";
import type { RunNamed } from "./connection.js";

/**
 * All rows and bodies of a batch in one statement, so in one commit. The bodies come as one binary parameter that is cut
 * up here: the text is the same for every size of batch, and the server plans it once. A row whose GUID or dedupe key is
 * taken, in this batch or by another process, is left out.
 */
const INSERT = `
  WITH input AS MATERIALIZED (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                         $8::text[], $9::text[], $10::int[], $11::int[], $12::int[], $13::text[])
      AS i(guid, event, content_type, hook_id, target_type, target_id, user_agent,
           body_sha256, dedupe_key, body_bytes, body_at, body_length, encoding)
  ), stored AS (
    INSERT INTO deliveries (guid, event, content_type, hook_id, target_type, target_id, user_agent,
                            body_sha256, dedupe_key, body_bytes, received_at)
    SELECT guid, event, content_type, hook_id, target_type, target_id, user_agent,
           decode(body_sha256, 'hex'), decode(dedupe_key, 'hex'), body_bytes, $15::timestamptz
    FROM input
    ON CONFLICT DO NOTHING
    RETURNING id, guid
  ), bodies AS (
    INSERT INTO delivery_bodies (guid, encoding, body)
    SELECT stored.guid, input.encoding, substring($14::bytea FROM input.body_at FOR input.body_length)
    FROM stored JOIN input USING (guid)
  )
  SELECT id::text AS id, guid FROM stored`;

/**
 * Inserts what is not there yet. The GUIDs must be distinct.
 * @returns the new rows' ids by GUID; a GUID that is missing met a row that was there before.
 */
export async function insertFresh(
  run: RunNamed,
  deliveries: readonly NewDelivery[],
  now: Date,
): Promise<ReadonlyMap<string, string>> {
  // Two processes that insert the same keys in another order would wait for each other: the hash gives both one order.
  const sorted = deliveries
    .map((delivery) => ({ delivery, sha256: delivery.bodySha256.toString("hex") }))
    .sort((a, b) => (a.sha256 < b.sha256 ? -1 : Number(a.sha256 > b.sha256)));
  let at = 1;
  const column = <T>(of: (delivery: NewDelivery) => T): T[] => sorted.map(({ delivery }) => of(delivery));
  const rows = await run("deliveries-insert", INSERT, [
    column((d) => d.guid),
    column((d) => d.event),
    column((d) => d.contentType),
    column((d) => d.hookId),
    column((d) => d.targetType),
    column((d) => d.targetId),
    column((d) => d.userAgent),
    sorted.map(({ sha256 }) => sha256),
    column((d) => d.dedupeKey?.toString("hex") ?? null),
    column((d) => d.bodyBytes),
    column((d) => (at += d.body.length) - d.body.length),
    column((d) => d.body.length),
    column((d) => d.encoding),
    Buffer.concat(column((d) => d.body)),
    now,
  ]);
  return new Map(rows.map((row) => [String(row["guid"]), String(row["id"])]));
}
