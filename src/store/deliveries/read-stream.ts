// SQL by hand: a range of the table in the order of its ids, with bodies.
import { z } from "zod";
import type { Sql } from "../store.js";
import { decompress } from "./compression.js";
import type { SignedBody } from "./delivery-body.js";

export interface StreamedDelivery {
  readonly id: bigint;
  readonly guid: string;
  readonly event: string;
  readonly receivedAt: Date;
  /** Null: no longer stored. */
  readonly body: SignedBody | null;
}

const Row = z.object({
  id: z.coerce.bigint(),
  guid: z.string(),
  event: z.string(),
  received_at: z.date(),
  content_type: z.string(),
  encoding: z.string().nullable(),
  body: z.instanceof(Buffer).nullable(),
});

/** The most bytes of bodies, as received, in one read; a single delivery may exceed it. */
const MOST_BYTES = 16 * 1024 * 1024;

const READ = `
  WITH next AS MATERIALIZED (
    SELECT id, guid, event, received_at, content_type, sum(body_bytes) OVER (ORDER BY id) AS total, row_number() OVER (ORDER BY id) AS n
    FROM (SELECT * FROM deliveries WHERE id > $1 AND id <= $2 AND duplicate_of IS NULL ORDER BY id LIMIT $3) d
  )
  SELECT n.id::text AS id, n.guid, n.event, n.received_at, n.content_type, b.encoding, b.body
  FROM next n LEFT JOIN delivery_bodies b USING (guid) WHERE n.n = 1 OR n.total <= ${MOST_BYTES} ORDER BY n.id`;

/** The next deliveries in the order of receipt, without duplicates. */
export async function readDeliveries(
  sql: Sql,
  { after, upTo, limit }: { readonly after: bigint; readonly upTo: bigint; readonly limit: number },
): Promise<readonly StreamedDelivery[]> {
  const rows = await sql.query(READ, [after, upTo, limit], "deliveries-stream");
  return Promise.all(
    rows.map(async (row) => {
      const { id, guid, event, received_at: receivedAt, content_type: contentType, encoding, body } = Row.parse(row);
      if (encoding === null || body === null) return { id, guid, event, receivedAt, body: null };
      return { id, guid, event, receivedAt, body: { contentType, bytes: await decompress(encoding, body) } };
    }),
  );
}

const Body = z.object({ guid: z.string(), content_type: z.string(), encoding: z.string(), body: z.instanceof(Buffer) });

/** The stored bodies of deliveries by their GUIDs. */
export async function readBodies(sql: Sql, guids: readonly string[]): Promise<ReadonlyMap<string, SignedBody>> {
  if (guids.length === 0) return new Map();
  const rows = await sql.query(
    `SELECT d.guid, d.content_type, b.encoding, b.body FROM deliveries d JOIN delivery_bodies b USING (guid) WHERE d.guid = ANY ($1::text[])`,
    [guids],
    "bodies-read",
  );
  const found = await Promise.all(
    rows.map(async (row) => {
      const { guid, content_type: contentType, encoding, body } = Body.parse(row);
      return [guid, { contentType, bytes: await decompress(encoding, body) }] as const;
    }),
  );
  return new Map(found);
}
