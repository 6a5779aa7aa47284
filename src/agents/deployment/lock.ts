/** The scope of a lock. A freeze is a lock of the repository that applies to everybody. */
export type LockScope =
  | { readonly of: "environment"; readonly repositoryId: bigint; readonly name: string }
  | { readonly of: "pull_request"; readonly repositoryId: bigint; readonly number: number }
  | { readonly of: "service"; readonly name: string }
  | { readonly of: "freeze"; readonly repositoryId: bigint };

/** As in `deploy_locks.scope`. */
export function scopeKey(scope: LockScope): string {
  switch (scope.of) {
    case "environment":
      return `environment/${scope.repositoryId}/${scope.name}`;
    case "pull_request":
      return `pull_request/${scope.repositoryId}/${scope.number}`;
    case "service":
      return `service/${scope.name}`;
    case "freeze":
      return `freeze/${scope.repositoryId}`;
  }
}

/** How people call it. */
export function sayScope(scope: LockScope): string {
  switch (scope.of) {
    case "environment":
      return scope.name;
    case "pull_request":
      return `#${scope.number}`;
    case "service":
      return `the service ${scope.name}`;
    case "freeze":
      return "the repository";
  }
}

export const LOCK_KINDS = ["manual", "deployment", "freeze"] as const;
export type LockKind = (typeof LOCK_KINDS)[number];

/** The deployment that is under way in an environment. */
export interface Deploying {
  /** The comment that requested it. */
  readonly commentId: bigint;
  readonly sha: string;
  readonly until: Date;
}

export interface Lock {
  /**
   * The fencing token: it grows each time the lock gets a holder or a deployment. An effect with an older token is out
   * of date.
   */
  readonly fence: bigint;
  readonly kind: LockKind;
  readonly holder: string;
  readonly reason: string | null;
  /** The comment that took it. */
  readonly commentId: bigint;
  readonly takenAt: Date;
  /** Null: it stays until it is released. */
  readonly expiresAt: Date | null;
  readonly deploying: Deploying | null;
}

/** The content of a lock's row; `lock` null: free. */
export interface LockState {
  readonly fence: bigint;
  readonly lock: Lock | null;
}

export interface LockWish {
  readonly kind: LockKind;
  readonly holder: string;
  readonly reason: string | null;
  readonly commentId: bigint;
  readonly expiresAt: Date | null;
  /** Of a deployment. */
  readonly deploying: Deploying | null;
  /**
   * The present holder has left, or an admin takes the lock. Their login must match, so that no other person loses a
   * lock.
   */
  readonly from: string | null;
}

export type Taking =
  | { readonly taken: true; readonly next: Lock; readonly ended: Ended | null }
  | { readonly taken: false; readonly by: Lock };

/** The lock that ended by this, and how. */
export interface Ended {
  readonly lock: Lock;
  readonly how: "expired" | "taken-over";
}

/** The lock at that moment: an expired one counts as free, and an overdue deployment as ended. */
export function currentLock({ lock }: LockState, now: Date): Lock | null {
  if (lock === null) return null;
  const deploying = lock.deploying !== null && lock.deploying.until > now ? lock.deploying : null;
  if (lock.kind === "deployment") return deploying === null ? null : { ...lock, deploying };
  if (lock.expiresAt === null || lock.expiresAt > now) return { ...lock, deploying };
  // The deployment continues without the lock of its person.
  return deploying === null ? null : { ...lock, kind: "deployment", expiresAt: deploying.until, deploying };
}

/** Who holds the lock after this wish. The same comment gets the same answer however often it asks. */
export function takeLock(state: LockState, wish: LockWish, now: Date): Taking {
  const current = currentLock(state, now);
  const fence = state.fence + 1n;
  const fresh: Lock = { ...wish, fence, takenAt: now };
  if (current === null) return { taken: true, next: fresh, ended: state.lock && { lock: state.lock, how: "expired" } };
  const same = sameLogin(current.holder, wish.holder);
  if (wish.kind === "deployment") {
    const { deploying } = current;
    if (deploying?.commentId === wish.commentId) return { taken: true, next: current, ended: null };
    if (!same || deploying !== null) return { taken: false, by: current };
    return { taken: true, next: { ...current, fence, deploying: wish.deploying }, ended: null };
  }
  if (current.commentId === wish.commentId) return { taken: true, next: current, ended: null };
  if (same) {
    const { expiresAt, reason, commentId, kind } = wish;
    return { taken: true, next: { ...current, kind, expiresAt, reason, commentId }, ended: null };
  }
  if (wish.from !== null && sameLogin(wish.from, current.holder) && current.deploying === null)
    return { taken: true, next: fresh, ended: { lock: current, how: "taken-over" } };
  return { taken: false, by: current };
}

/** The rest after a person releases the lock: a running deployment continues. Null: free. */
export function releaseLock(lock: Lock): Lock | null {
  const { deploying, kind } = lock;
  if (kind !== "manual" || deploying === null) return null;
  return { ...lock, kind: "deployment", expiresAt: deploying.until, reason: null };
}

/** The rest after the deployment has ended. Null: free. */
export function endDeploying(lock: Lock): Lock | null {
  return lock.kind === "deployment" ? null : { ...lock, deploying: null };
}

export function sameLogin(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
