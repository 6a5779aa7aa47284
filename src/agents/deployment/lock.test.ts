import { describe, expect, it } from "vitest";
import { heldLock } from "./held.js";
import { currentLock, endDeploying, type LockState, type LockWish, releaseLock, takeLock } from "./lock.js";

const NOW = new Date("2026-11-30T10:00:00Z");
const later = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
const FREE: LockState = { fence: 3n, lock: null };

const manual = (holder: string, commentId: bigint, more: Partial<LockWish> = {}): LockWish => ({
  kind: "manual",
  holder,
  reason: null,
  commentId,
  expiresAt: null,
  deploying: null,
  from: null,
  ...more,
});
const deploy = (holder: string, commentId: bigint): LockWish => {
  const until = later(60);
  return manual(holder, commentId, { kind: "deployment", expiresAt: until, deploying: { commentId, sha: "a", until } });
};

/** The state after these wishes, all at one moment. */
function after(...wishes: readonly LockWish[]): LockState {
  return wishes.reduce<LockState>((state, wish) => {
    const taking = takeLock(state, wish, NOW);
    return taking.taken ? { fence: taking.next.fence, lock: taking.next } : state;
  }, FREE);
}

describe("a lock", () => {
  it("goes to the first request, with a token above all earlier ones", () => {
    const state = after(manual("ann", 1n), manual("bob", 2n));
    expect(state.lock).toMatchObject({ holder: "ann", fence: 4n });
  });

  it("gives the same answer to a repeated comment", () => {
    expect(after(manual("ann", 1n), manual("ann", 1n))).toEqual(after(manual("ann", 1n)));
    expect(after(deploy("ann", 1n), deploy("ann", 1n))).toEqual(after(deploy("ann", 1n)));
  });

  it("lets its holder deploy, with a new token, and one deployment at a time", () => {
    const state = after(manual("ann", 1n), deploy("ann", 2n));
    expect(state.lock).toMatchObject({ kind: "manual", holder: "ann", fence: 5n, deploying: { commentId: 2n } });
    expect(takeLock(state, deploy("ann", 3n), NOW).taken).toBe(false);
    expect(takeLock(state, deploy("bob", 4n), NOW).taken).toBe(false);
  });

  it("returns to its holder when the deployment ends, or becomes free", () => {
    const { lock } = after(manual("ann", 1n), deploy("ann", 2n));
    expect(lock && endDeploying(lock)).toMatchObject({ kind: "manual", holder: "ann", deploying: null });
    const { lock: only } = after(deploy("ann", 2n));
    expect(only && endDeploying(only)).toBeNull();
  });

  it("keeps a running deployment when its holder releases it", () => {
    const { lock } = after(manual("ann", 1n), deploy("ann", 2n));
    expect(lock && releaseLock(lock)).toMatchObject({ kind: "deployment", deploying: { commentId: 2n } });
    const { lock: only } = after(manual("ann", 1n));
    expect(only && releaseLock(only)).toBeNull();
  });

  it("expires, and a deployment outlives the lock of its person", () => {
    const short = after(manual("ann", 1n, { expiresAt: later(5) }));
    expect(currentLock(short, later(5))).toBeNull();
    const taking = takeLock(short, manual("bob", 2n), later(6));
    expect(taking).toMatchObject({ taken: true, next: { holder: "bob", fence: 5n }, ended: { how: "expired" } });
    const busy = after(manual("ann", 1n, { expiresAt: later(5) }), deploy("ann", 2n));
    expect(currentLock(busy, later(6))).toMatchObject({ kind: "deployment", holder: "ann" });
    expect(currentLock(busy, later(61))).toBeNull();
  });

  it("is taken only from the named holder, and not from a later one or a running deployment", () => {
    const held = after(manual("ann", 1n));
    expect(takeLock(held, manual("bob", 2n, { from: "ANN" }), NOW)).toMatchObject({
      taken: true,
      next: { holder: "bob" },
      ended: { how: "taken-over" },
    });
    expect(takeLock(held, manual("bob", 2n, { from: "eve" }), NOW).taken).toBe(false);
    expect(takeLock(after(deploy("ann", 1n)), manual("bob", 2n, { from: "ann" }), NOW).taken).toBe(false);
  });
});

it("a lock does not block its holder, but another deployment of theirs does", () => {
  const scope = { of: "environment", repositoryId: 1n, name: "production" } as const;
  const { lock } = after(manual("ann", 1n), deploy("ann", 2n));
  const seen = (login: string | null, commentId: bigint) =>
    lock && heldLock(scope, lock, { login, ours: (deploying) => deploying.commentId === commentId });
  expect(seen("ann", 2n)).toMatchObject({ kind: "manual", own: true });
  expect(seen("Ann", 3n)).toMatchObject({ kind: "deployment", own: false });
  expect(seen("bob", 3n)).toMatchObject({ kind: "manual", own: false, release: "/unlock production" });
  expect(seen(null, 3n)).toMatchObject({ own: false });
});
