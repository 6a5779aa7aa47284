import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { createKeyRing, type KeyRing } from "../../src/crypto/key-ring.js";
import { readUserTokens, rotateUserTokens, saveUserTokens } from "../../src/store/people/user-tokens.js";
import { withDatabase } from "../support/database.js";
import { cli } from "../support/cli.js";

const { store, url } = await withDatabase();
const key = (id: string): string => `${id}:${randomBytes(32).toString("base64")}`;
const [old, lost, fresh] = [key("old"), key("lost"), key("fresh")];

async function connect(ring: KeyRing, userId: bigint): Promise<void> {
  const tokens = { access: `ghu_${userId}`, refresh: `ghr_${userId}`, accessExpiresAt: null, refreshExpiresAt: null };
  await saveUserTokens(store.sql, ring, { userId, login: `user${userId}`, avatarUrl: null }, tokens, new Date());
}

it("keys rotate encrypts everything with the first key, and names rows whose key is missing", async () => {
  for (let id = 1n; id <= 250n; id++) await connect(createKeyRing([old]), id);
  await connect(createKeyRing([lost]), 251n);
  const env = { DATABASE_URL: url, ENCRYPTION_KEYS: `${fresh},${old}` };
  const first = await cli(["keys", "rotate"], env);
  expect(first.stdout).toContain("Encrypted the tokens of 250 people with the key fresh.");
  expect(first.stdout).toContain(
    "user_tokens.access_token of row 251 cannot be decrypted: the key lost is not in ENCRYPTION_KEYS",
  );
  expect(first.code).toBe(1);
  expect(await readUserTokens(store.sql, createKeyRing([fresh]), 17n)).toMatchObject({
    access: "ghu_17",
    refresh: "ghr_17",
  });
  const second = await cli(["keys", "rotate"], { ...env, ENCRYPTION_KEYS: `${fresh},${lost}` });
  expect([second.code, second.stdout]).toEqual([0, expect.stringContaining("Encrypted the tokens of 1 person")]);
});

it("keys rotate waits for a row that is being refreshed, and keeps the newer tokens", async () => {
  await connect(createKeyRing([old]), 999n);
  const rings = { before: createKeyRing([old]), after: createKeyRing([fresh, old]) };
  const rotating = await store.transaction(async (sql) => {
    await sql.query("SELECT 1 FROM user_tokens WHERE user_id = 999 FOR UPDATE");
    const waiting = rotateUserTokens(store, rings.after, 998n, 100);
    await sql.query("UPDATE user_tokens SET access_token = $1 WHERE user_id = 999", [
      rings.before.encrypt("ghu_newer", { table: "user_tokens", column: "access_token", row: "999" }),
    ]);
    return { waiting };
  });
  expect((await rotating.waiting).rotated).toBe(1);
  expect(await readUserTokens(store.sql, createKeyRing([fresh]), 999n)).toMatchObject({ access: "ghu_newer" });
});
