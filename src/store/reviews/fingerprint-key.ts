import { storableJson } from "../../text/storable.js";
import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Sql } from "../store.js";

/**
 * The key of all fingerprints, created once: another key would turn every finding into a new one. 32 bytes in base64.
 */
export async function fingerprintKey(sql: Sql): Promise<string> {
  await sql.query(
    "INSERT INTO app_settings (key, value) VALUES ('fingerprint_key', $1::jsonb) ON CONFLICT DO NOTHING",
    [storableJson(randomBytes(32).toString("base64"))],
  );
  const [row] = await sql.query("SELECT value FROM app_settings WHERE key = 'fingerprint_key'");
  return z.string().min(32).parse(row?.["value"]);
}
