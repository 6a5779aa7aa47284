import { z } from "zod";
import { type RepositoryRef, type Role, ROLES } from "../../domain.js";
import { GoneError } from "../../errors.js";
import type { GitHubClient } from "../client.js";

const Body = z.object({ permission: z.string(), role_name: z.string().optional() });

/** A person's role in a repository, read now; `none` for a deleted account. */
export async function readRole(client: GitHubClient, { owner, name }: RepositoryRef, login: string): Promise<Role> {
  try {
    const parameters = { owner, repo: name, username: login };
    const route = "GET /repos/{owner}/{repo}/collaborators/{username}/permission";
    const { role_name: role, permission } = Body.parse((await client.rest(route, parameters)).data);
    return roleNamed(role ?? "") ?? roleNamed(permission) ?? "none";
  } catch (error) {
    if (error instanceof GoneError) return "none";
    throw error;
  }
}

function roleNamed(name: string): Role | null {
  return name === "maintain" ? "write" : (ROLES.find((role) => role === name) ?? null);
}
