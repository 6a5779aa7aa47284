// SQL by hand: set-based, and read in the order of ids.
import { z } from "zod";
import type { Sql } from "../store.js";
import { storableJson } from "../../text/storable.js";
import type { Json } from "../../domain.js";

/** An event without a position in the stream. */
export interface NewEvent {
  readonly eventId: string;
  readonly topic: string;
  readonly source: string;
  readonly subject: string | null;
  readonly installationId: bigint | null;
  readonly repositoryId: bigint | null;
  readonly time: Date;
  /** Null: use the body of the delivery `eventId`. */
  readonly data: Json;
}

/** An event of the stream; `position` is its place. */
export interface StoredEvent extends NewEvent {
  readonly position: bigint;
}

const INSERT = `
  INSERT INTO events (event_id, topic, source, subject, installation_id, repository_id, time, data)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::timestamptz[], $8::jsonb[])
  ON CONFLICT (event_id) DO NOTHING`;

/** Appends events to the stream, in this order. Existing ones stay where they are. */
export async function addEvents(sql: Sql, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  const column = <T>(of: (event: NewEvent) => T): readonly T[] => events.map(of);
  await sql.query(
    INSERT,
    [
      column((e) => e.eventId),
      column((e) => e.topic),
      column((e) => e.source),
      column((e) => e.subject),
      column((e) => e.installationId),
      column((e) => e.repositoryId),
      column((e) => e.time),
      column((e) => (e.data === null ? null : storableJson(e.data))),
    ],
    "events-insert",
  );
}

const id = z.coerce.bigint();
const Row = z
  .object({
    id,
    event_id: z.string(),
    topic: z.string(),
    source: z.string(),
    subject: z.string().nullable(),
    installation_id: id.nullable(),
    repository_id: id.nullable(),
    time: z.date(),
    data: z.json().nullable(),
  })
  .transform((row): StoredEvent => ({
    position: row.id,
    eventId: row.event_id,
    topic: row.topic,
    source: row.source,
    subject: row.subject,
    installationId: row.installation_id,
    repositoryId: row.repository_id,
    time: row.time,
    data: row.data,
  }));

const COLUMNS = "id, event_id, topic, source, subject, installation_id, repository_id, time, data";

export interface Range {
  /** The last position that was read. */
  readonly after: bigint;
  /** The last position that may be read: see `settledIn`. */
  readonly upTo: bigint;
  readonly limit: number;
}

/** The most bytes of bodies in one read; a single event may exceed it. */
const MOST_BYTES = 16 * 1024 * 1024;

const READ = `
  SELECT ${COLUMNS} FROM (
    SELECT e.*, row_number() OVER (ORDER BY e.id) AS n, sum(COALESCE(d.body_bytes, 0)) OVER (ORDER BY e.id) AS total
    FROM (SELECT * FROM events WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3) e
    LEFT JOIN deliveries d ON d.guid = e.event_id) next
  WHERE n = 1 OR total <= ${MOST_BYTES} ORDER BY id`;

/** The next events of the stream that the connection can see. */
export async function readEvents(sql: Sql, { after, upTo, limit }: Range): Promise<readonly StoredEvent[]> {
  const rows = await sql.query(READ, [after, upTo, limit], "events-read");
  return rows.map((row) => Row.parse(row));
}

/** Events by their ids, in the order of the stream. */
export async function findEvents(sql: Sql, ids: readonly string[]): Promise<readonly StoredEvent[]> {
  const rows = await sql.query(`SELECT ${COLUMNS} FROM events WHERE event_id = ANY ($1::text[]) ORDER BY id`, [ids]);
  return rows.map((row) => Row.parse(row));
}

/** The first position that is still stored; null: the stream is empty. */
export async function oldestEvent(sql: Sql): Promise<bigint | null> {
  const [row] = await sql.query("SELECT min(id)::text AS id FROM events");
  return id.nullable().parse(row?.["id"] ?? null);
}

/**
 * Deletes events that are older than the retention of bodies.
 * @returns how many.
 */
export async function pruneEvents(sql: Sql, before: Date, batch = 10_000): Promise<number> {
  let pruned = 0;
  for (let last = batch; last === batch; pruned += last) {
    const rows = await sql.query(
      `DELETE FROM events WHERE id IN (SELECT id FROM events WHERE time < $1 ORDER BY id LIMIT $2) RETURNING 1`,
      [before, batch],
    );
    last = rows.length;
  }
  return pruned;
}
