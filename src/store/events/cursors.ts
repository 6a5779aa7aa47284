// SQL by hand: leases and positions change in one statement each.
import { z } from "zod";
import type { Sql } from "../store.js";

/** The reader of `deliveries`; every other cursor is a sink's. */
export const ROUTER = "deliveries";

const Held = z.object({ position: z.coerce.bigint(), attempts: z.int() });
export type HeldCursor = z.infer<typeof Held>;

export interface Claim {
  readonly name: string;
  readonly token: string;
  readonly now: Date;
  readonly leaseMs: number;
}

/** A new sink begins with the next event. */
export async function ensureCursor(sql: Sql, name: string): Promise<void> {
  await sql.query(
    `INSERT INTO event_cursors (name, position) SELECT $1, COALESCE(max(id), 0) FROM events ON CONFLICT DO NOTHING`,
    [name],
  );
}

/** Takes or renews the lease of a sink's cursor. Null: another process holds it, or its next attempt is not due. */
export async function holdCursor(sql: Sql, { name, token, now, leaseMs }: Claim): Promise<HeldCursor | null> {
  const [row] = await sql.query(
    `UPDATE event_cursors SET locked_by = $2, locked_until = $3::timestamptz + $4::int * interval '1 ms'
     WHERE name = $1 AND (locked_by = $2 OR locked_until IS NULL OR locked_until <= $3) AND (retry_at IS NULL OR retry_at <= $3)
     RETURNING position::text AS position, attempts`,
    [name, token, now, leaseMs],
    "event-cursor-hold",
  );
  return row ? Held.parse(row) : null;
}

/** Moves a cursor that `token` holds. False: another process holds it, and nothing changed. */
export async function moveCursor(
  sql: Sql,
  { name, token, position, now }: Pick<Claim, "name" | "token" | "now"> & { readonly position: bigint },
): Promise<boolean> {
  const rows = await sql.query(
    `UPDATE event_cursors SET position = $3, attempts = 0, error = NULL, retry_at = NULL, moved_at = $4
     WHERE name = $1 AND locked_by = $2 RETURNING 1`,
    [name, token, position, now],
    "event-cursor-move",
  );
  return rows.length > 0;
}

/** Records why the next event could not be sent, and when to retry. */
export async function failCursor(
  sql: Sql,
  { name, token, error, retryAt }: Pick<Claim, "name" | "token"> & { readonly error: string; readonly retryAt: Date },
): Promise<void> {
  await sql.query(
    `UPDATE event_cursors SET attempts = attempts + 1, error = $3, retry_at = $4, locked_by = NULL, locked_until = NULL
     WHERE name = $1 AND locked_by = $2`,
    [name, token, error, retryAt],
  );
}

/** Releases a cursor, so that another process need not wait for the lease to expire. */
export async function releaseCursor(sql: Sql, name: string, token: string): Promise<void> {
  await sql.query(`UPDATE event_cursors SET locked_by = NULL, locked_until = NULL WHERE name = $1 AND locked_by = $2`, [
    name,
    token,
  ]);
}

/** The router's position, locked for this transaction. Null: another process is routing. */
export async function lockRouter(sql: Sql): Promise<bigint | null> {
  const [row] = await sql.query(
    `SELECT position::text AS position, 0 AS attempts FROM event_cursors WHERE name = '${ROUTER}' FOR UPDATE SKIP LOCKED`,
    [],
    "event-router-lock",
  );
  return row ? Held.parse(row).position : null;
}

export async function moveRouter(sql: Sql, position: bigint, now: Date): Promise<void> {
  await sql.query(
    `UPDATE event_cursors SET position = $1, moved_at = $2 WHERE name = '${ROUTER}'`,
    [position, now],
    "event-router-move",
  );
}

export interface DeadLetter {
  readonly sink: string;
  readonly eventId: string;
  readonly topic: string;
  readonly installationId: bigint | null;
  readonly attempts: number;
  readonly error: string;
  readonly now: Date;
}

/** Stores an event that a sink refuses, so that the sink can continue. */
export async function addDeadLetter(sql: Sql, letter: DeadLetter): Promise<void> {
  const { sink, eventId, topic, installationId, attempts, error, now } = letter;
  await sql.query(
    `INSERT INTO event_dead_letters (sink, event_id, topic, installation_id, attempts, error, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (sink, event_id) DO UPDATE SET attempts = EXCLUDED.attempts, error = EXCLUDED.error, retried_at = NULL`,
    [sink, eventId, topic, installationId, attempts, error, now],
  );
}

const State = z.object({
  name: z.string(),
  position: z.coerce.bigint(),
  /** The number of events in its stream that it has not read. */
  behind: z.coerce.number(),
  attempts: z.int(),
  error: z.string().nullable(),
  retry_at: z.date().nullable(),
  moved_at: z.date().nullable(),
  dead_letters: z.coerce.number(),
});
export type CursorState = z.infer<typeof State>;

/** Each reader: its position, its next event, its dead letters. `behind` counts ids, used or not. */
export async function cursorStates(sql: Sql): Promise<readonly CursorState[]> {
  const rows = await sql.query(
    `SELECT c.name, c.position::text AS position, c.attempts, c.error, c.retry_at, c.moved_at,
       GREATEST(COALESCE(CASE WHEN c.name = '${ROUTER}' THEN (SELECT max(id) FROM deliveries)
         ELSE (SELECT max(id) FROM events) END, 0) - c.position, 0)::text AS behind,
       (SELECT count(*) FROM event_dead_letters l WHERE l.sink = c.name AND l.retried_at IS NULL)::text AS dead_letters
     FROM event_cursors c ORDER BY c.name`,
  );
  return rows.map((row) => State.parse(row));
}

/** The ids of events that a sink refused, in that order. */
export async function deadLetters(sql: Sql, sink: string, limit: number): Promise<readonly string[]> {
  const rows = await sql.query(
    "SELECT event_id FROM event_dead_letters WHERE sink = $1 AND retried_at IS NULL ORDER BY id LIMIT $2",
    [sink, limit],
  );
  return rows.map(({ event_id: eventId }) => String(eventId));
}

export async function letterDelivered(sql: Sql, sink: string, eventId: string, now: Date): Promise<void> {
  await sql.query("UPDATE event_dead_letters SET retried_at = $3 WHERE sink = $1 AND event_id = $2", [
    sink,
    eventId,
    now,
  ]);
}
