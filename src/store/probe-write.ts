import { randomBytes, randomUUID } from "node:crypto";
import type { Store } from "./store.js";

/** Enough to need pages of its own; random, or it would be compressed to nothing. */
const BYTES = 32 * 1024;

/**
 * Writes a body as a delivery's is written, removes it again and commits. It fails where a delivery would: a full disk, a
 * database that only reads, a COMMIT that is refused.
 */
export async function probeWrite(store: Pick<Store, "transaction">): Promise<void> {
  const guid = `probe-${randomUUID()}`;
  await store.transaction(async (sql) => {
    await sql.query("INSERT INTO delivery_bodies (guid, body) VALUES ($1, $2)", [guid, randomBytes(BYTES)]);
    await sql.query("DELETE FROM delivery_bodies WHERE guid = $1", [guid]);
  });
}
