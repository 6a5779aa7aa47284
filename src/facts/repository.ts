import { z } from "zod";
import type { RepositoryFact } from "./fact.js";
import { BEFORE_ANY_VERSION, id, ifReadable, instant, orNull, textOrNothing } from "./scalars.js";
import { UserBody } from "./user.js";

/** A full repository, as in webhooks and REST. */
export const RepositoryBody = z.object({
  id,
  node_id: ifReadable(z.string()),
  name: z.string(),
  full_name: z.string(),
  owner: UserBody,
  private: z.boolean(),
  visibility: orNull(z.string()),
  default_branch: orNull(z.string()),
  description: textOrNothing,
  archived: orNull(z.boolean()),
  disabled: orNull(z.boolean()),
  fork: orNull(z.boolean()),
  pushed_at: orNull(instant),
  created_at: orNull(instant),
  updated_at: instant,
});
export type RepositoryBody = z.infer<typeof RepositoryBody>;

/** A repository in the lists of an installation's payloads: its name, without fields that change. */
export const RepositoryName = z.object({
  id,
  node_id: ifReadable(z.string()),
  name: z.string(),
  full_name: z.string(),
  private: orNull(z.boolean()),
});
export type RepositoryName = z.infer<typeof RepositoryName>;

export function repositoryFact(
  body: RepositoryBody,
  seen: { readonly observedAt: string | null; readonly deleted?: boolean },
): RepositoryFact {
  return {
    entity: "repository",
    key: body.full_name,
    observedAt: seen.observedAt,
    deleted: seen.deleted ?? false,
    row: {
      id: body.id,
      node_id: body.node_id,
      owner_login: body.owner.login,
      name: body.name,
      full_name: body.full_name,
      private: body.private,
      visibility: body.visibility ?? (body.private ? "private" : "public"),
      default_branch: body.default_branch,
      description: body.description,
      archived: body.archived ?? false,
      disabled: body.disabled ?? false,
      fork: body.fork ?? false,
      pushed_at: body.pushed_at,
      created_at: body.created_at,
      updated_at: body.updated_at,
    },
  };
}

/** A placeholder row with the name, until a full body arrives. */
export function namedRepositoryFact(body: RepositoryName): RepositoryFact {
  return {
    entity: "repository",
    key: body.full_name,
    observedAt: null,
    deleted: false,
    row: {
      id: body.id,
      node_id: body.node_id,
      owner_login: body.full_name.split("/", 1)[0] ?? "",
      name: body.name,
      full_name: body.full_name,
      private: body.private ?? true,
      visibility: null,
      default_branch: null,
      description: null,
      archived: false,
      disabled: false,
      fork: false,
      pushed_at: null,
      created_at: null,
      updated_at: BEFORE_ANY_VERSION,
    },
  };
}
