import pLimit from "p-limit";
import type { KeyRing } from "../../crypto/key-ring.js";
import { UnreadableSecretError } from "../../crypto/key-ring.js";
import type { Clock } from "../../domain.js";
import { AuthenticationError, messageOf, NetworkError } from "../../errors.js";
import type { UserApi } from "../../github/user-api.js";
import type { Log } from "../../log.js";
import {
  forgetPerson,
  lockUserTokens,
  type Person,
  readAccess,
  readUserTokens,
  refuseUserTokens,
  replaceUserTokens,
  saveAccess,
  saveUserTokens,
  type UserTokens,
} from "../../store/people/user-tokens.js";
import type { Sql, Store } from "../../store/store.js";
import type { ViewerInstallation } from "../viewer.js";
import { askAccess, storableAccess, StoredAccess } from "./access.js";
import { type Provider, SignInRefused } from "./provider.js";

export interface PeopleOptions {
  readonly store: Store;
  readonly keys: KeyRing;
  readonly provider: Provider;
  userApi(token: string): UserApi;
  readonly clock: Clock;
  readonly log: Log;
}

/** A person and their access at GitHub. */
export interface KnownPerson extends Person {
  readonly installations: readonly ViewerInstallation[];
}

/** People who connected their account. */
export interface People {
  /** Stores a person's tokens and reads their access. */
  connect(tokens: UserTokens): Promise<KnownPerson>;
  /**
   * A person and their access; null when they must connect again. Access is cached for some minutes; with `fresh` it is
   * read again, as for every write.
   * @throws NetworkError while GitHub is unavailable and the cache is too old.
   */
  find(userId: bigint, fresh: boolean): Promise<KnownPerson | null>;
  /** Revokes the person's authorization at GitHub, and deletes their tokens here. */
  disconnect(userId: bigint): Promise<void>;
}

/** How long access is cached, and for how long while GitHub is unavailable (ms). */
const GOOD_MS = 5 * 60_000;
const AWAY_MS = 30 * 60_000;
/** A token is refreshed this long before it expires (ms). */
const EARLY_MS = 5 * 60_000;
/** The most concurrent refreshes: each holds a connection while GitHub answers, and the inbox needs the others. */
const REFRESHES_AT_ONCE = 2;

export function createPeople(options: PeopleOptions): People {
  const { store, keys, provider, userApi, clock, log } = options;
  const refreshing = pLimit(REFRESHES_AT_ONCE);
  const refreshes = new Map<bigint, Promise<string | null>>();
  const questions = new Map<bigint, Promise<KnownPerson | null>>();

  const isDue = ({ accessExpiresAt }: UserTokens): boolean =>
    accessExpiresAt !== null && accessExpiresAt.getTime() - EARLY_MS <= clock.now().getTime();
  const hasExpired = (at: Date | null): boolean => at !== null && at <= clock.now();

  /** The person's access token, refreshed when due; null when they must connect again. */
  async function tokenOf(userId: bigint): Promise<string | null> {
    const tokens = await readUserTokens(store.sql, keys, userId);
    if (tokens === null || tokens.refusedAt !== null) return null;
    if (!isDue(tokens)) return tokens.access;
    return once(refreshes, userId, () => refreshing(() => store.transaction((sql) => refresh(sql, userId))));
  }

  /** Under the row's lock, so that one process refreshes and the others read its result. */
  async function refresh(sql: Sql, userId: bigint): Promise<string | null> {
    const tokens = await lockUserTokens(sql, keys, userId);
    if (tokens === null || tokens.refusedAt !== null) return null;
    if (!isDue(tokens)) return tokens.access;
    try {
      if (tokens.refresh === null || hasExpired(tokens.refreshExpiresAt)) throw new SignInRefused("no_refresh_token");
      const fresh = await provider.refresh(tokens.refresh);
      await replaceUserTokens(sql, keys, userId, fresh, clock.now());
      return fresh.access;
    } catch (error) {
      if (!hasExpired(tokens.accessExpiresAt)) return tokens.access;
      if (!(error instanceof SignInRefused)) throw error;
      await refuseUserTokens(sql, userId, clock.now());
      return null;
    }
  }

  async function ask(userId: bigint): Promise<KnownPerson | null> {
    const token = await tokenOf(userId);
    if (token === null) return null;
    const api = userApi(token);
    try {
      const user = await api.user();
      return await remember({ userId, login: user.login, avatarUrl: user.avatar_url ?? null }, api, user);
    } catch (error) {
      if (!(error instanceof AuthenticationError)) throw error;
      await refuseUserTokens(store.sql, userId, clock.now());
      return null;
    }
  }

  async function remember(person: Person, api: UserApi, user: Awaited<ReturnType<UserApi["user"]>>) {
    const installations = await askAccess(store.sql, api, user);
    await saveAccess(store.sql, person.userId, storableAccess(installations), clock.now());
    return { ...person, installations };
  }

  return {
    async connect(tokens) {
      const api = userApi(tokens.access);
      const user = await api.user();
      const person = { userId: BigInt(user.id), login: user.login, avatarUrl: user.avatar_url ?? null };
      await saveUserTokens(store.sql, keys, person, tokens, clock.now());
      return remember(person, api, user);
    },
    async find(userId, fresh) {
      const row = await readAccess(store, userId);
      if (row === null || row.refused_at !== null) return null;
      const ageMs = row.access_read_at === null ? Infinity : clock.now().getTime() - row.access_read_at.getTime();
      const said = StoredAccess.safeParse(row.access);
      const known = said.success
        ? { userId, login: row.login, avatarUrl: row.avatar_url, installations: said.data }
        : null;
      if (!fresh && known !== null && ageMs < GOOD_MS) return known;
      try {
        return await once(questions, userId, () => ask(userId));
      } catch (error) {
        if (error instanceof UnreadableSecretError) {
          log.error({ err: error }, "stored tokens cannot be decrypted; the person must connect again");
          return null;
        }
        // A write must not rely on access that was read minutes ago.
        if (fresh || known === null || ageMs >= AWAY_MS) throw error;
        log.warn(
          { reason: messageOf(error) },
          "access list of a person could not be refreshed; using the previous one",
        );
        return known;
      }
    },
    async disconnect(userId) {
      try {
        const tokens = await readUserTokens(store.sql, keys, userId);
        if (tokens !== null) await provider.revoke(tokens.access);
      } catch (error) {
        if (!(error instanceof NetworkError || error instanceof UnreadableSecretError)) throw error;
        log.warn({ reason: messageOf(error) }, "tokens could not be revoked at GitHub; deleted here only");
      }
      await forgetPerson(store, userId);
    },
  };
}

/** Concurrent requests share one answer. */
function once<T>(running: Map<bigint, Promise<T>>, id: bigint, work: () => Promise<T>): Promise<T> {
  const found = running.get(id);
  if (found) return found;
  const started = work().finally(() => running.delete(id));
  running.set(id, started);
  return started;
}
