import type { Clock } from "../../domain.js";
import { createSession, endSession, findSession, type Session, touchSession } from "../../store/people/sessions.js";
import type { Store } from "../../store/store.js";
import { hashOf, newSecret } from "./secrets.js";

/** A person's session ends after 12 hours without use and 7 days in all; one of ADMIN_TOKEN after 30 minutes and 8 hours. */
export const LIFETIMES = {
  person: { idleMs: 12 * 3_600_000, absoluteMs: 7 * 86_400_000 },
  operator: { idleMs: 30 * 60_000, absoluteMs: 8 * 3_600_000 },
} as const;

/** How often the use of a session is recorded (ms). */
const TOUCH_MS = 60_000;

export interface Sessions {
  /** Begins a session with a new secret, and ends the browser's previous one, which prevents session fixation. */
  begin(
    who: bigint | { readonly adminToken: string },
    userAgent: string | null,
    former: string | null,
    secret?: string,
  ): Promise<string>;
  /** The live session of a cookie's secret. */
  find(secret: string): Promise<Session | null>;
  end(secret: string): Promise<void>;
}

export function createSessions(store: Store, clock: Clock): Sessions {
  return {
    async begin(who, userAgent, former, secret = newSecret()) {
      const userId = typeof who === "bigint" ? who : null;
      const now = clock.now();
      const { absoluteMs } = LIFETIMES[userId === null ? "operator" : "person"];
      if (former !== null) await endSession(store, hashOf(former));
      await createSession(store, {
        secretHash: hashOf(secret),
        userId,
        csrf: typeof who === "bigint" ? newSecret() : `${generationOf(who.adminToken)}.${newSecret()}`,
        userAgent: userAgent?.replaceAll(/[^\u0020-\u007e]/g, "").slice(0, 200) ?? null,
        createdAt: now,
        seenAt: now,
        expiresAt: new Date(now.getTime() + absoluteMs),
      });
      return secret;
    },
    async find(secret) {
      const session = await findSession(store, hashOf(secret));
      if (session === null) return null;
      const now = clock.now();
      const idle = now.getTime() - session.seenAt.getTime();
      const { idleMs } = LIFETIMES[session.userId === null ? "operator" : "person"];
      if (session.expiresAt <= now || idle >= idleMs) {
        await endSession(store, session.secretHash);
        return null;
      }
      if (idle >= TOUCH_MS) await touchSession(store, session.secretHash, now);
      return session;
    },
    end: (secret) => endSession(store, hashOf(secret)),
  };
}

/** Identifies an ADMIN_TOKEN without revealing it; a session of another token has ended. */
export function generationOf(adminToken: string): string {
  return hashOf(`session ${adminToken}`).toString("base64url").slice(0, 16);
}
