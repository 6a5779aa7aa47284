// SQL by hand: each change of a lock is one transaction with its entry in the audit log, alone in its installation.
import { z } from "zod";
import {
  currentLock,
  type Deploying,
  endDeploying,
  type Ended,
  type Lock,
  LOCK_KINDS,
  type LockScope,
  type LockState,
  type LockWish,
  releaseLock,
  sayScope,
  scopeKey,
  takeLock,
} from "../../agents/deployment/lock.js";
import type { Json } from "../../domain.js";
import { recordAct } from "../people/audit.js";
import type { Sql, Store } from "../store.js";

const Row = z
  .object({
    scope: z.string(),
    fence: z.coerce.bigint(),
    kind: z.enum(LOCK_KINDS).nullable(),
    holder_login: z.string().nullable(),
    reason: z.string().nullable(),
    comment_id: z.coerce.bigint().nullable(),
    taken_at: z.date().nullable(),
    expires_at: z.date().nullable(),
    deploy_comment_id: z.coerce.bigint().nullable(),
    deploy_sha: z.string().nullable(),
    deploy_until: z.date().nullable(),
  })
  .transform((row): LockState & { readonly scope: string } => {
    const { scope, fence, kind, holder_login: holder, taken_at: takenAt, comment_id: commentId } = row;
    if (kind === null || holder === null || takenAt === null || commentId === null) return { scope, fence, lock: null };
    const { deploy_comment_id: by, deploy_sha: sha, deploy_until: until } = row;
    const deploying = by === null || sha === null || until === null ? null : { commentId: by, sha, until };
    const { reason, expires_at: expiresAt } = row;
    return { scope, fence, lock: { fence, kind, holder, reason, commentId, takenAt, expiresAt, deploying } };
  });

const COLUMNS = `scope, fence::text, kind, holder_login, reason, comment_id::text, taken_at, expires_at,
  deploy_comment_id::text, deploy_sha, deploy_until`;

interface OnLock {
  readonly installationId: bigint;
  /** The place of the request; a lock of a service covers several repositories. */
  readonly repository: { readonly id: bigint; readonly owner: string; readonly name: string };
  readonly scope: LockScope;
}

export type TakenLock =
  | { readonly taken: true; readonly lock: Lock }
  /** `scope`: which lock is in the way. */
  | { readonly taken: false; readonly by: Lock; readonly scope: LockScope };

/**
 * Takes a lock, unless another person holds it or one of `unless`. Of concurrent requests one wins; if a process dies,
 * either the old or the new holder remains.
 */
export function acquireLock(
  store: Store,
  on: OnLock & { readonly unless?: readonly LockScope[] },
  wish: LockWish,
  now: Date,
): Promise<TakenLock> {
  return store.transaction(async (sql) => {
    await alone(sql, on.installationId);
    const { unless = [] } = on;
    const states = await lockStates(sql, on.installationId, [on.scope, ...unless]);
    for (const scope of unless) {
      const lock = currentLock(states.get(scopeKey(scope)) ?? FREE, now);
      if (lock !== null && blocks(lock, wish)) return { taken: false, by: lock, scope };
    }
    const state = states.get(scopeKey(on.scope)) ?? FREE;
    const taking = takeLock(state, wish, now);
    if (!taking.taken) return { taken: false, by: taking.by, scope: on.scope };
    if (taking.ended !== null)
      await audit(sql, on, `deploy-lock.${ENDINGS[taking.ended.how]}`, taking.ended.lock, wish.holder, now);
    if (taking.next !== state.lock) {
      await write(sql, on, taking.next);
      const began = state.lock === null || taking.ended !== null;
      await audit(sql, on, `deploy-lock.${began ? "take" : "change"}`, taking.next, wish.holder, now);
    }
    return { taken: true, lock: taking.next };
  });
}

const FREE: LockState = { fence: 0n, lock: null };
const ENDINGS: Readonly<Record<Ended["how"], string>> = { expired: "expire", "taken-over": "take-over" };

/** A freeze applies to everybody; a person's own locks do not block that person. */
function blocks(lock: Lock, wish: LockWish): boolean {
  return lock.kind === "freeze" || lock.holder.toLowerCase() !== wish.holder.toLowerCase();
}

/**
 * Releases the lock with this token for a person.
 * @returns the lock before; null: another person holds it now.
 */
export function giveUpLock(
  store: Store,
  on: OnLock & { readonly fence: bigint },
  by: string,
  now: Date,
): Promise<Lock | null> {
  return store.transaction((sql) =>
    change(sql, on, now, by, (lock) => (lock.fence === on.fence ? releaseLock(lock) : lock)),
  );
}

/** The deployment that `is` knows has ended, or was never made. @returns the lock as it was; null: it was another's. */
export function endDeployment(
  sql: Sql,
  on: OnLock,
  is: (deploying: Deploying) => boolean,
  by: string,
  now: Date,
): Promise<Lock | null> {
  return change(sql, on, now, by, (lock) =>
    lock.deploying !== null && is(lock.deploying) ? endDeploying(lock) : lock,
  );
}

async function change(
  sql: Sql,
  on: OnLock,
  now: Date,
  by: string,
  next: (lock: Lock) => Lock | null,
): Promise<Lock | null> {
  await alone(sql, on.installationId);
  const state = (await lockStates(sql, on.installationId, [on.scope])).get(scopeKey(on.scope)) ?? FREE;
  if (state.lock === null) return null;
  const lock = currentLock(state, now);
  const left = lock === null ? null : next(lock);
  if (left !== null && left === lock) return null;
  await write(sql, on, left, state.fence);
  const what = lock === null ? "expire" : left === null ? "release" : "change";
  await audit(sql, on, `deploy-lock.${what}`, left ?? state.lock, by, now);
  return lock;
}

/** The locks that hold now, by the key of their scope. */
export async function heldLocks(
  sql: Sql,
  installationId: bigint,
  scopes: readonly LockScope[],
  now: Date,
): Promise<ReadonlyMap<string, Lock>> {
  const states = await lockStates(sql, installationId, scopes);
  const held = [...states].flatMap(([key, state]) => {
    const lock = currentLock(state, now);
    return lock === null ? [] : [[key, lock] as const];
  });
  return new Map(held);
}

/** The rows of these locks by the key of their scope, whether they hold or not. */
export async function lockStates(sql: Sql, installationId: bigint, scopes: readonly LockScope[]) {
  const rows = await sql.query(`SELECT ${COLUMNS} FROM deploy_locks WHERE installation_id = $1 AND scope = ANY($2)`, [
    installationId,
    scopes.map(scopeKey),
  ]);
  return new Map(rows.map((row) => Row.parse(row)).map(({ scope, ...state }) => [scope, state]));
}

/** The changes of one installation's locks come one after the other: each sees all locks as the one before left them. */
async function alone(sql: Sql, installationId: bigint): Promise<void> {
  await sql.query("SELECT pg_advisory_xact_lock(hashtextextended('deploy locks ' || $1::text, 0))", [installationId]);
}

async function write(
  sql: Sql,
  { installationId, repository, scope }: OnLock,
  lock: Lock | null,
  fence = 0n,
): Promise<void> {
  const deploying = lock?.deploying ?? null;
  await sql.query(
    `INSERT INTO deploy_locks (installation_id, scope, repository_id, fence, kind, holder_login, reason, comment_id,
       taken_at, expires_at, deploy_comment_id, deploy_sha, deploy_until)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     ON CONFLICT (installation_id, scope) DO UPDATE SET repository_id = excluded.repository_id, fence = excluded.fence,
       kind = excluded.kind, holder_login = excluded.holder_login, reason = excluded.reason,
       comment_id = excluded.comment_id, taken_at = excluded.taken_at, expires_at = excluded.expires_at,
       deploy_comment_id = excluded.deploy_comment_id, deploy_sha = excluded.deploy_sha, deploy_until = excluded.deploy_until`,
    [
      installationId,
      scopeKey(scope),
      scope.of === "service" ? null : repository.id,
      lock?.fence ?? fence,
      lock?.kind ?? null,
      lock?.holder ?? null,
      lock?.reason ?? null,
      lock?.commentId ?? null,
      lock?.takenAt ?? null,
      lock?.expiresAt ?? null,
      deploying?.commentId ?? null,
      deploying?.sha ?? null,
      deploying?.until ?? null,
    ],
  );
}

async function audit(
  sql: Sql,
  { installationId, repository, scope }: OnLock,
  action: string,
  { fence, holder, kind, reason, commentId, expiresAt, deploying }: Lock,
  by: string,
  now: Date,
): Promise<void> {
  const detail: Readonly<Record<string, Json>> = {
    scope: scopeKey(scope),
    fence: String(fence),
    holder,
    kind,
    reason,
    comment: String(commentId),
    expires: expiresAt?.toISOString() ?? null,
    deploying: deploying?.sha ?? null,
  };
  const target = `${repository.owner}/${repository.name} ${sayScope(scope)}`;
  await recordAct(sql, { installationId, userId: null, login: by, via: "github", action, target, detail }, now);
}
