import { z } from "zod";
import type { UserBody } from "../../facts/user.js";
import { text } from "./scalars.js";

const Numbered = z.object({ login: text, id: z.string(), databaseId: z.number().int().nullable() });

/** An author; null for a deleted account. An account without a numeric id is treated as unknown. */
export const Actor = z.union([
  Numbered.extend({ __typename: z.enum(["User", "Bot", "Mannequin", "Organization"]) }),
  z.object({ __typename: z.literal("EnterpriseUserAccount"), login: text }),
]);
export type Actor = z.infer<typeof Actor>;

/** The account in the form of webhooks. GraphQL leaves `[bot]` out of a bot's login. */
export function userOf(actor: Actor | null): UserBody | null {
  if (actor === null || !("databaseId" in actor) || actor.databaseId === null) return null;
  const { __typename: type, id, databaseId, login } = actor;
  const suffixed = type === "Bot" && !login.endsWith("[bot]") ? `${login}[bot]` : login;
  return { id: databaseId, node_id: id, login: suffixed, type: type === "Mannequin" ? "User" : type };
}

export function usersOf(actors: readonly Actor[]): UserBody[] {
  return actors.flatMap((actor) => userOf(actor) ?? []);
}
