import type { HeldLock } from "./gates.js";
import { type Deploying, type Lock, type LockScope, sameLogin, sayScope } from "./lock.js";

/** The person and the deployment that locks are checked for. */
export interface LockViewer {
  /** Null: it is not known. */
  readonly login: string | null;
  /** Whether the deployment that is under way is this one. */
  ours(deploying: Deploying): boolean;
}

/** A lock as the gates see it. A deployment under way counts for itself, also below the lock of its person. */
export function heldLock(scope: LockScope, lock: Lock, { login, ours }: LockViewer): HeldLock {
  const { kind, holder, reason, deploying, expiresAt } = lock;
  const common = { of: sayScope(scope), holder, release: releaseOf(scope) };
  const foreign = deploying !== null && !ours(deploying);
  if (kind === "deployment" || (foreign && login !== null && sameLogin(holder, login)))
    return { ...common, kind: "deployment", reason: null, until: deploying?.until ?? expiresAt, own: !foreign };
  const own = kind === "manual" && ((login !== null && sameLogin(holder, login)) || (deploying !== null && !foreign));
  return { ...common, kind, reason, until: expiresAt, own };
}

/** The command that gives it up. */
export function releaseOf(scope: LockScope): string {
  switch (scope.of) {
    case "environment":
      return `/unlock ${scope.name}`;
    case "pull_request":
      return "/unlock pr";
    case "service":
      return "/unlock service";
    case "freeze":
      return "/freeze off";
  }
}
