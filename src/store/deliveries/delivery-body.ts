import type { Sql } from "../store.js";
import { decompress } from "./compression.js";

/** The bytes as they were signed, and how to read them. */
export interface SignedBody {
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** A replay under another GUID has no body of its own: it is the first one's. */
const READ = `
  SELECT d.content_type, b.encoding, b.body FROM deliveries d
  JOIN delivery_bodies b ON b.guid = coalesce(d.duplicate_of, d.guid)
  WHERE d.guid = $1`;

/** The body of a delivery; null when there is no such delivery, or its body has been pruned. */
export async function readBody(sql: Sql, guid: string): Promise<SignedBody | null> {
  const [row] = await sql.query(READ, [guid]);
  if (!row || !Buffer.isBuffer(row["body"])) return null;
  return { contentType: String(row["content_type"]), bytes: await decompress(String(row["encoding"]), row["body"]) };
}
