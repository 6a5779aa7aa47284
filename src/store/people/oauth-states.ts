// One statement each: the process that deletes a state's row consumes it.
import { z } from "zod";
import type { Sql } from "../store.js";

/** A sign-in in progress. */
export interface OAuthState {
  readonly stateHash: Buffer;
  /** The hash of the secret in the browser's cookie. */
  readonly browserHash: Buffer;
  /** A path of this server. */
  readonly returnTo: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

const Row = z
  .object({ browser_hash: z.instanceof(Buffer), return_to: z.string(), live: z.boolean() })
  .transform(({ browser_hash: browserHash, return_to: returnTo, live }) => ({ browserHash, returnTo, live }));

export async function saveOAuthState(sql: Sql, state: OAuthState): Promise<void> {
  await sql.query(
    "INSERT INTO oauth_states (state_hash, browser_hash, return_to, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
    [state.stateHash, state.browserHash, state.returnTo, state.createdAt, state.expiresAt],
  );
}

/** Deletes and returns the state: of several requests with it, only one gets it. `live`: it has not expired. */
export async function takeOAuthState(sql: Sql, stateHash: Buffer, now: Date) {
  const [row] = await sql.query(
    "DELETE FROM oauth_states WHERE state_hash = $1 RETURNING browser_hash, return_to, expires_at > $2 AS live",
    [stateHash, now],
  );
  return row === undefined ? null : Row.parse(row);
}
