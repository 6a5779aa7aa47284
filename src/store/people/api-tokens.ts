// Single rows through Prisma Client.
import type { Store } from "../store.js";

type Rows = Pick<Store, "prisma">;

export interface NewApiToken {
  readonly userId: bigint;
  readonly name: string;
  readonly hash: Buffer;
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export async function createApiToken({ prisma }: Rows, token: NewApiToken): Promise<bigint> {
  const { id } = await prisma.apiToken.create({
    data: {
      user_id: token.userId,
      name: token.name,
      hash: new Uint8Array(token.hash),
      scopes: [...token.scopes],
      created_at: token.createdAt,
      expires_at: token.expiresAt,
    },
  });
  return id;
}

const SHOWN = { id: true, name: true, scopes: true, created_at: true, expires_at: true, last_used_at: true } as const;

/** A person's active tokens, newest first. */
export async function listApiTokens({ prisma }: Rows, userId: bigint) {
  return prisma.apiToken.findMany({
    where: { user_id: userId, revoked_at: null },
    orderBy: { id: "desc" },
    select: SHOWN,
  });
}

/** The active token with that hash. Records its use at most once a minute. */
export async function useApiToken({ prisma }: Rows, hash: Buffer, now: Date) {
  const found = await prisma.apiToken.findUnique({
    where: { hash: new Uint8Array(hash) },
    select: { ...SHOWN, user_id: true, revoked_at: true },
  });
  if (found === null || found.revoked_at !== null || found.expires_at <= now) return null;
  if (found.last_used_at === null || now.getTime() - found.last_used_at.getTime() > 60_000)
    await prisma.apiToken.updateMany({ where: { id: found.id }, data: { last_used_at: now } });
  return { userId: found.user_id, scopes: found.scopes };
}

/** @returns whether the person had that token. */
export async function revokeApiToken({ prisma }: Rows, userId: bigint, id: bigint, now: Date): Promise<boolean> {
  const { count } = await prisma.apiToken.updateMany({
    where: { id, user_id: userId, revoked_at: null },
    data: { revoked_at: now },
  });
  return count > 0;
}
