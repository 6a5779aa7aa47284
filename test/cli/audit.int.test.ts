import { deflateRawSync } from "node:zlib";
import { userInfo } from "node:os";
import { expect, it } from "vitest";
import { cli } from "../support/cli.js";
import { withDatabase } from "../support/database.js";

const { store, url } = await withDatabase();
const GUID = "00000000-0000-4000-8000-000000000001";

/** Each command that changes something, and what the audit log then says of it. */
const COMMANDS: readonly (readonly [readonly string[], string, string, number | null])[] = [
  [["writes", "pause", "--reason", "an incident"], "writes.pause", "an incident", null],
  [["writes", "resume", "--installation", "1"], "writes.resume", "for installation 1", 1],
  [["repositories", "deny", "acme/secret-*"], "repositories.deny", "acme/secret-*", 1],
  [["repositories", "deny", "acme/secret-*", "--remove"], "repositories.deny-end", "acme/secret-*", 1],
  [["sync", "--installation", "1", "--full"], "sync.request", "full", 1],
  [["replay", GUID], "delivery.replay", GUID, 1],
  [["export", "--installation", "1"], "data.export", "all rows", 1],
  [["keys", "rotate"], "keys.rotate", "key k1", null],
];

it("records each command that changes something, with the account that ran it", async () => {
  await store.sql.query(
    "INSERT INTO installations (id, account_login, account_type, updated_at, content_hash) VALUES (1, 'acme', 'Organization', now(), '')",
  );
  await store.sql.query(
    `INSERT INTO deliveries (guid, event, content_type, body_bytes, installation_id, status, processed_at)
     VALUES ($1, 'push', 'application/json', 2, 1, 'processed', now())`,
    [GUID],
  );
  await store.sql.query("INSERT INTO delivery_bodies (guid, body) VALUES ($1, $2)", [GUID, deflateRawSync("{}")]);
  const env = { DATABASE_URL: url, ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString("base64")}` };
  for (const [args, action, target, installation] of COMMANDS) {
    const { code, stderr } = await cli(args, env);
    expect(code, `${args.join(" ")}: ${stderr}`).toBe(0);
    const [last] = await store.sql.query(
      "SELECT by_login, via, action, target, installation_id::int AS installation FROM audit_log ORDER BY id DESC LIMIT 1",
    );
    expect(last).toEqual({ by_login: userInfo().username, via: "cli", action, target, installation });
  }
});
