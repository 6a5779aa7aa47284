import { z } from "zod";
import type { GitHubUser, UserApi } from "../../github/user-api.js";
import { knownInstallations } from "../../store/health/own-facts.js";
import { publicRepositories } from "../../store/repositories/find-repository.js";
import type { Sql } from "../../store/store.js";
import type { ViewerInstallation } from "../viewer.js";

const id = z.string().regex(/^\d+$/).transform(BigInt);

/** A person's access at GitHub, as cached. Ids are texts, because JSON has no bigint. */
export const StoredAccess = z.array(
  z.object({
    id,
    account: z.string(),
    role: z.enum(["admin", "member"]),
    repositories: z.union([z.literal("all"), z.array(id).transform((ids): ReadonlySet<bigint> => new Set(ids))]),
  }),
);

/**
 * Reads exactly what a person can see, with the person's token: the stored installations, their role in each, and the
 * single repositories if they are not an owner.
 */
export async function askAccess(sql: Sql, api: UserApi, user: GitHubUser): Promise<readonly ViewerInstallation[]> {
  const stored = new Set((await knownInstallations(sql)).map((each) => each.id));
  const found: ViewerInstallation[] = [];
  for (const { id, account } of await api.installations()) {
    if (account === null || !stored.has(BigInt(id))) continue;
    const owner = account.type === "Organization" ? await api.administers(account.login) : account.id === user.id;
    found.push({
      id: BigInt(id),
      account: account.login,
      role: owner ? "admin" : "member",
      // An owner can read every repository of the account.
      repositories: owner
        ? "all"
        : new Set([...(await api.repositories(id)).map(BigInt), ...(await publicRepositories(sql, BigInt(id)))]),
    });
  }
  return found;
}

/** The form that `StoredAccess` reads. */
export function storableAccess(installations: readonly ViewerInstallation[]) {
  return installations.map(({ id, account, role, repositories }) => ({
    id: String(id),
    account,
    role,
    repositories: repositories === "all" ? repositories : [...repositories].map(String),
  }));
}
