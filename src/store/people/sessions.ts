// Single rows through Prisma Client.
import type { Store } from "../store.js";

/** A signed-in browser. */
export interface Session {
  readonly secretHash: Buffer;
  /** Null: signed in with ADMIN_TOKEN. */
  readonly userId: bigint | null;
  readonly csrf: string;
  readonly createdAt: Date;
  readonly seenAt: Date;
  readonly expiresAt: Date;
}

type Rows = Pick<Store, "prisma">;

export interface NewSession extends Session {
  readonly userAgent: string | null;
}

export async function createSession({ prisma }: Rows, session: NewSession): Promise<void> {
  await prisma.session.create({
    data: {
      secret_hash: new Uint8Array(session.secretHash),
      user_id: session.userId,
      csrf: session.csrf,
      user_agent: session.userAgent,
      created_at: session.createdAt,
      seen_at: session.seenAt,
      expires_at: session.expiresAt,
    },
  });
}

/** The session with that hash, of any age; null: it was ended. */
export async function findSession({ prisma }: Rows, secretHash: Buffer): Promise<Session | null> {
  const found = await prisma.session.findUnique({ where: { secret_hash: new Uint8Array(secretHash) } });
  if (found === null) return null;
  return {
    secretHash: Buffer.from(found.secret_hash),
    userId: found.user_id,
    csrf: found.csrf,
    createdAt: found.created_at,
    seenAt: found.seen_at,
    expiresAt: found.expires_at,
  };
}

/** Records a use of the session. */
export async function touchSession({ prisma }: Rows, secretHash: Buffer, now: Date): Promise<void> {
  await prisma.session.updateMany({ where: { secret_hash: new Uint8Array(secretHash) }, data: { seen_at: now } });
}

export async function endSession({ prisma }: Rows, secretHash: Buffer): Promise<void> {
  await prisma.session.deleteMany({ where: { secret_hash: new Uint8Array(secretHash) } });
}

/**
 * Ends every session of a person.
 * @returns how many.
 */
export async function endSessionsOf({ prisma }: Rows, userId: bigint): Promise<number> {
  const { count } = await prisma.session.deleteMany({ where: { user_id: userId } });
  return count;
}

/** Deletes expired rows, so that the tables stay small. */
export async function pruneSignIns({ prisma }: Rows, now: Date, idleSince: Date): Promise<void> {
  await prisma.session.deleteMany({ where: { OR: [{ expires_at: { lt: now } }, { seen_at: { lt: idleSince } }] } });
  await prisma.oAuthState.deleteMany({ where: { expires_at: { lt: now } } });
}
