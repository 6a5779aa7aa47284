import { randomBytes } from "node:crypto";
import type { Account } from "../organisation/account.js";
import type { Installation, Permissions } from "../organisation/installation.js";

export interface InstallationToken {
  readonly token: string;
  readonly installation: Installation;
  readonly permissions: Permissions;
  /** Ids of the repositories it is limited to; null: all of the installation. */
  readonly repositoryIds: readonly number[] | null;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface UserToken {
  readonly token: string;
  readonly refreshToken: string;
  readonly account: Account;
  readonly expiresAt: number;
  readonly refreshExpiresAt: number;
}

export interface Lifetimes {
  /** Seconds that an installation token lives; default one hour. */
  readonly installation?: number;
  /** Seconds that a user token lives; default 8 h. */
  readonly user?: number;
}

const SIX_MONTHS = 15_897_600;

function secret(prefix: string): string {
  return `${prefix}_${randomBytes(27).toString("base64url").replaceAll(/[-_]/g, "0")}`;
}

/** The tokens that were handed out. Times are milliseconds since 1970. */
export class Tokens {
  readonly installations = new Map<string, InstallationToken>();
  readonly users = new Map<string, UserToken>();
  readonly #refresh = new Map<string, UserToken>();
  readonly #lifetimes: Lifetimes;

  constructor(lifetimes: Lifetimes) {
    this.#lifetimes = lifetimes;
  }

  forInstallation(
    now: number,
    grant: Pick<InstallationToken, "installation" | "permissions" | "repositoryIds">,
  ): InstallationToken {
    const expiresAt = now + (this.#lifetimes.installation ?? 3600) * 1000;
    const made = { ...grant, token: secret("ghs"), createdAt: now, expiresAt };
    this.installations.set(made.token, made);
    return made;
  }

  forUser(now: number, account: Account): UserToken {
    const made = {
      token: secret("ghu"),
      refreshToken: secret("ghr"),
      account,
      expiresAt: now + (this.#lifetimes.user ?? 28_800) * 1000,
      refreshExpiresAt: now + SIX_MONTHS * 1000,
    };
    this.users.set(made.token, made);
    this.#refresh.set(made.refreshToken, made);
    return made;
  }

  /** Exchanges a refresh token, which works once, for new tokens. */
  refresh(now: number, refreshToken: string): UserToken | null {
    const old = this.#refresh.get(refreshToken);
    if (old === undefined || old.refreshExpiresAt <= now) return null;
    this.#refresh.delete(refreshToken);
    this.users.delete(old.token);
    return this.forUser(now, old.account);
  }

  revokeUser(account: Account): void {
    for (const token of this.users.values()) {
      if (token.account !== account) continue;
      this.users.delete(token.token);
      this.#refresh.delete(token.refreshToken);
    }
  }

  /** Lets every token expire now. */
  expireAll(): void {
    this.installations.clear();
    this.users.clear();
  }
}
