import type { Sql } from "../store.js";
import { decompress } from "./compression.js";

/** The signed bytes, and their encoding. */
export interface SignedBody {
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** A replay under another GUID has no body of its own, so the first delivery's body is used. */
const READ = `
  SELECT d.content_type, b.encoding, b.body FROM deliveries d
  JOIN delivery_bodies b ON b.guid = coalesce(d.duplicate_of, d.guid)
  WHERE d.guid = $1`;

/** The body of a delivery; null when the delivery does not exist, or its body was deleted. */
export async function readBody(sql: Sql, guid: string): Promise<SignedBody | null> {
  const [row] = await sql.query(READ, [guid]);
  if (!row || !Buffer.isBuffer(row["body"])) return null;
  return { contentType: String(row["content_type"]), bytes: await decompress(String(row["encoding"]), row["body"]) };
}
