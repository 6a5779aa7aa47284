import { z } from "zod";
import type { UserFact } from "./fact.js";
import { id, ifReadable, orNull, text } from "./scalars.js";

/** GitHub's placeholder for a deleted account, in routes without null. */
const GHOST_ID = 10_137;

export const UserBody = z.object({
  id,
  login: text,
  node_id: ifReadable(z.string()),
  type: orNull(z.string()),
});
export type UserBody = z.infer<typeof UserBody>;

/** An author, or null for a deleted account. */
export const Author = UserBody.nullish().transform((user) =>
  user === null || user === undefined || (user.id === GHOST_ID && user.login === "ghost") ? null : user,
);

export type Author = z.infer<typeof Author>;

/** One fact for each account, observed at `seenAt`. */
export function userFacts(users: readonly (UserBody | null)[], seenAt: string): UserFact[] {
  const distinct = new Map(users.flatMap((user) => (user === null ? [] : [[user.id, user]])));
  return [...distinct.values()].map((user) => ({
    entity: "user",
    key: user.login,
    row: { id: user.id, node_id: user.node_id, login: user.login, type: user.type ?? "User", seen_at: seenAt },
  }));
}
