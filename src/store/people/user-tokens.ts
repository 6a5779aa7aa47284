// Prisma Client for single rows; SQL where a row is locked, and where the key rotation searches by prefix.
import { z } from "zod";
import { type KeyRing, type SecretLocation, UnreadableSecretError } from "../../crypto/key-ring.js";
import type { Sql, Store } from "../store.js";

/** The tokens that GitHub issues for a person. */
export interface UserTokens {
  readonly access: string;
  readonly accessExpiresAt: Date | null;
  readonly refresh: string | null;
  readonly refreshExpiresAt: Date | null;
}

export interface Person {
  readonly userId: bigint;
  readonly login: string;
  readonly avatarUrl: string | null;
}

const time = z.date().nullable();
const Row = z.object({
  access_token: z.string(),
  access_expires_at: time,
  refresh_token: z.string().nullable(),
  refresh_expires_at: time,
  refused_at: time,
});

const TABLE = "user_tokens";
const COLUMNS = ["access_token", "refresh_token"] as const;

const placeOf = (column: (typeof COLUMNS)[number], userId: bigint | string): SecretLocation => {
  return { table: TABLE, column, row: String(userId) };
};

/** Stores the tokens of a sign-in. */
export async function saveUserTokens(
  sql: Sql,
  keys: KeyRing,
  person: Person,
  tokens: UserTokens,
  now: Date,
): Promise<void> {
  await sql.query(
    `INSERT INTO user_tokens (user_id, login, avatar_url, access_token, access_expires_at, refresh_token,
       refresh_expires_at, connected_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (user_id) DO UPDATE SET login = excluded.login, avatar_url = excluded.avatar_url,
       access_token = excluded.access_token, access_expires_at = excluded.access_expires_at,
       refresh_token = excluded.refresh_token, refresh_expires_at = excluded.refresh_expires_at,
       connected_at = excluded.connected_at, refreshed_at = NULL, refused_at = NULL, access = NULL, access_read_at = NULL`,
    [person.userId, person.login, person.avatarUrl, ...encrypted(keys, person.userId, tokens), now],
  );
}

/** The row, locked until the transaction ends, so that only one process refreshes it. Null: not connected. */
export async function lockUserTokens(sql: Sql, keys: KeyRing, userId: bigint) {
  const [row] = await sql.query(
    `SELECT access_token, access_expires_at, refresh_token, refresh_expires_at, refused_at
     FROM user_tokens WHERE user_id = $1 FOR UPDATE`,
    [userId],
  );
  return row === undefined ? null : decrypted(keys, userId, row);
}

/** The same without a lock. */
export async function readUserTokens(sql: Sql, keys: KeyRing, userId: bigint) {
  const [row] = await sql.query(
    `SELECT access_token, access_expires_at, refresh_token, refresh_expires_at, refused_at
     FROM user_tokens WHERE user_id = $1`,
    [userId],
  );
  return row === undefined ? null : decrypted(keys, userId, row);
}

/** Stores refreshed tokens. */
export async function replaceUserTokens(
  sql: Sql,
  keys: KeyRing,
  userId: bigint,
  tokens: UserTokens,
  now: Date,
): Promise<void> {
  await sql.query(
    `UPDATE user_tokens SET access_token = $2, access_expires_at = $3, refresh_token = $4, refresh_expires_at = $5,
       refreshed_at = $6, refused_at = NULL WHERE user_id = $1`,
    [userId, ...encrypted(keys, userId, tokens), now],
  );
}

/** GitHub no longer accepts the tokens: they are not used again until the person signs in. */
export async function refuseUserTokens(sql: Sql, userId: bigint, now: Date): Promise<void> {
  await sql.query("UPDATE user_tokens SET refused_at = $2, access = NULL, access_read_at = NULL WHERE user_id = $1", [
    userId,
    now,
  ]);
}

/**
 * Deletes a person's tokens, sessions and API tokens.
 * @returns whether they were connected.
 */
export async function forgetPerson(store: Pick<Store, "transaction">, userId: bigint): Promise<boolean> {
  return store.transaction(async (sql) => {
    const deleted = await sql.query("DELETE FROM user_tokens WHERE user_id = $1 RETURNING 1", [userId]);
    await sql.query("DELETE FROM sessions WHERE user_id = $1", [userId]);
    await sql.query("DELETE FROM api_tokens WHERE user_id = $1", [userId]);
    return deleted.length > 0;
  });
}

/** The access that GitHub last reported for the person. `access` is JSON of `web/identity`. */
export async function readAccess({ prisma }: Pick<Store, "prisma">, userId: bigint) {
  return prisma.userToken.findUnique({
    where: { user_id: userId },
    select: { login: true, avatar_url: true, access: true, access_read_at: true, refused_at: true },
  });
}

export async function saveAccess(sql: Sql, userId: bigint, access: unknown, now: Date): Promise<void> {
  await sql.query("UPDATE user_tokens SET access = $2::jsonb, access_read_at = $3 WHERE user_id = $1", [
    userId,
    JSON.stringify(access),
    now,
  ]);
}

/**
 * Re-encrypts up to `limit` rows with the first key while the app runs; waits for a row that is being refreshed.
 * @returns how many rows were changed; rows that cannot be decrypted are in `unreadable`.
 */
export async function rotateUserTokens(
  store: Pick<Store, "transaction">,
  keys: KeyRing,
  after: bigint,
  limit: number,
): Promise<{ readonly rotated: number; readonly last: bigint | null; readonly unreadable: readonly Error[] }> {
  return store.transaction(async (sql) => {
    const rows = await sql.query(
      `SELECT user_id::text, access_token, refresh_token FROM user_tokens
       WHERE user_id > $1 AND (NOT starts_with(access_token, $2) OR NOT starts_with(refresh_token, $2))
       ORDER BY user_tokens.user_id LIMIT $3 FOR UPDATE`,
      [after, keys.currentPrefix, limit],
    );
    const unreadable: Error[] = [];
    let last: bigint | null = null;
    for (const row of rows) {
      const { user_id: id, ...secrets } = Old.parse(row);
      last = BigInt(id);
      try {
        const again = COLUMNS.map((column) => {
          const stored = secrets[column];
          return stored === null ? null : keys.encrypt(keys.decrypt(stored, placeOf(column, id)), placeOf(column, id));
        });
        await sql.query("UPDATE user_tokens SET access_token = $2, refresh_token = $3 WHERE user_id = $1", [
          id,
          ...again,
        ]);
      } catch (error) {
        if (!(error instanceof UnreadableSecretError)) throw error;
        unreadable.push(error);
      }
    }
    return {
      rotated: rows.length - unreadable.length,
      last,
      unreadable,
    };
  });
}

const Old = z.object({ user_id: z.string(), access_token: z.string(), refresh_token: z.string().nullable() });

function encrypted(keys: KeyRing, userId: bigint, tokens: UserTokens) {
  return [
    keys.encrypt(tokens.access, placeOf("access_token", userId)),
    tokens.accessExpiresAt,
    tokens.refresh === null ? null : keys.encrypt(tokens.refresh, placeOf("refresh_token", userId)),
    tokens.refreshExpiresAt,
  ] as const;
}

function decrypted(keys: KeyRing, userId: bigint, row: unknown): UserTokens & { readonly refusedAt: Date | null } {
  const { access_token, refresh_token, ...times } = Row.parse(row);
  return {
    access: keys.decrypt(access_token, placeOf("access_token", userId)),
    accessExpiresAt: times.access_expires_at,
    refresh: refresh_token === null ? null : keys.decrypt(refresh_token, placeOf("refresh_token", userId)),
    refreshExpiresAt: times.refresh_expires_at,
    refusedAt: times.refused_at,
  };
}
