import { z } from "zod";
import type { UserBody } from "../../facts/user.js";
import { text } from "./scalars.js";

const Numbered = z.object({ login: text, id: z.string(), databaseId: z.number().int().nullable() });

/** Whoever wrote something; null for a ghost. A kind of account without a number is nobody we know. */
export const Actor = z.union([
  Numbered.extend({ __typename: z.enum(["User", "Bot", "Mannequin", "Organization"]) }),
  z.object({ __typename: z.literal("EnterpriseUserAccount"), login: text }),
]);
export type Actor = z.infer<typeof Actor>;

/** The account as webhooks show it. GraphQL leaves `[bot]` out of a bot's login. */
export function userOf(actor: Actor | null): UserBody | null {
  if (actor === null || !("databaseId" in actor) || actor.databaseId === null) return null;
  const { __typename: type, id, databaseId, login } = actor;
  const suffixed = type === "Bot" && !login.endsWith("[bot]") ? `${login}[bot]` : login;
  return { id: databaseId, node_id: id, login: suffixed, type: type === "Mannequin" ? "User" : type };
}

export function usersOf(actors: readonly Actor[]): UserBody[] {
  return actors.flatMap((actor) => userOf(actor) ?? []);
}
