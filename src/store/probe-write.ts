import { randomBytes, randomUUID } from "node:crypto";
import type { Store } from "./store.js";

/** Large enough to need new pages; random, because other content would be compressed away. */
const BYTES = 32 * 1024;

/**
 * Writes a body in the form of a delivery's, deletes it and commits. It fails when a delivery would: full disk,
 * read-only database, refused COMMIT.
 */
export async function probeWrite(store: Pick<Store, "transaction">): Promise<void> {
  const guid = `probe-${randomUUID()}`;
  await store.transaction(async (sql) => {
    await sql.query("INSERT INTO delivery_bodies (guid, body) VALUES ($1, $2)", [guid, randomBytes(BYTES)]);
    await sql.query("DELETE FROM delivery_bodies WHERE guid = $1", [guid]);
  });
}
