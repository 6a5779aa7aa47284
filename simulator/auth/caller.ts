import type { IncomingHttpHeaders } from "node:http";
import { isOwner, type Account } from "../organisation/account.js";
import { covers, type Access, type Permissions } from "../organisation/installation.js";
import type { Repository } from "../organisation/repository.js";
import type { Simulation } from "../simulation.js";
import { checkJwt, JWT_MESSAGES } from "./jwt.js";
import type { InstallationToken, UserToken } from "./tokens.js";

export type Caller =
  | { readonly kind: "anonymous" }
  | { readonly kind: "app" }
  | { readonly kind: "installation"; readonly token: InstallationToken }
  | { readonly kind: "user"; readonly token: UserToken };

export interface Unauthorized {
  readonly kind: "unauthorized";
  readonly message: string;
}

const BAD: Unauthorized = { kind: "unauthorized", message: "Bad credentials" };

/** Who calls, by the `authorization` header. */
export function callerOf(simulation: Simulation, headers: IncomingHttpHeaders): Caller | Unauthorized {
  const { authorization } = headers;
  if (authorization === undefined) return { kind: "anonymous" };
  const secret = /^(?:bearer|token)\s+(\S+)$/i.exec(authorization)?.[1];
  if (secret === undefined) return authorization.startsWith("Basic ") ? { kind: "anonymous" } : BAD;
  const { tokens, faults, appKey, organisation } = simulation;
  if (secret.split(".").length === 3) {
    const now = new Date(Date.now() + faults.current.clockSkewMs);
    const verdict = checkJwt(secret, { key: appKey, ids: [organisation.app.id, organisation.app.clientId] }, now);
    return verdict === "ok" ? { kind: "app" } : { kind: "unauthorized", message: JWT_MESSAGES[verdict] };
  }
  const now = Date.now();
  const installation = tokens.installations.get(secret);
  if (installation !== undefined) {
    if (!organisation.installations.has(installation.installation.id)) return BAD;
    if (installation.expiresAt <= now) {
      faults.count("tokenExpired");
      return BAD;
    }
    if (now - installation.createdAt < faults.current.freshTokenUnauthorizedMs) {
      faults.count("freshTokenUnauthorizedMs");
      return BAD;
    }
    return { kind: "installation", token: installation };
  }
  const user = tokens.users.get(secret);
  return user === undefined || user.expiresAt <= now ? BAD : { kind: "user", token: user };
}

/** The name under which the caller's limits are counted. */
export function callerName(caller: Caller): string {
  switch (caller.kind) {
    case "installation":
      return `installation ${caller.token.installation.id}`;
    case "user":
      return `user ${caller.token.account.login}`;
    case "app":
    case "anonymous":
      return caller.kind;
  }
}

/** Whose name what the caller writes goes under. */
export function accountOf(simulation: Simulation, caller: Caller): Account {
  return caller.kind === "user" ? caller.token.account : simulation.organisation.app.bot;
}

export function mayAccess(permissions: Permissions, name: string, access: Access): boolean {
  const granted = permissions[name];
  return granted === "write" || (access === "read" && granted === "read");
}

/** Whether the installation may do anything in the repository. What is public it reads like everybody. */
export function isGiven({ installation, repositoryIds }: InstallationToken, repository: Repository): boolean {
  return covers(installation, repository) && (repositoryIds === null || repositoryIds.includes(repository.id));
}

/** Whether the caller sees the repository at all; what it does not see is a 404. */
export function sees(caller: Caller, repository: Repository): boolean {
  switch (caller.kind) {
    case "installation":
      return repository.visibility === "public" || isGiven(caller.token, repository);
    case "user": {
      if (repository.visibility === "public") return true;
      if (isOwner(caller.token.account, repository.owner)) return true;
      const role = repository.roles.get(caller.token.account.id);
      return role !== undefined && role !== "none";
    }
    case "app":
      return false;
    case "anonymous":
      return repository.visibility === "public";
  }
}
