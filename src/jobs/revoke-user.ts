import { z } from "zod";
import type { Outcome } from "../domain.js";
import { id } from "../facts/scalars.js";
import { recordAct } from "../store/people/audit.js";
import { forgetPerson } from "../store/people/user-tokens.js";
import { defineAppJob } from "./define-job.js";

/** A person revoked the App's authorization at GitHub: deletes their tokens and sessions here. */
export const revokeUser = defineAppJob({
  name: "revoke-user",
  queue: "sync",
  payload: z.object({ userId: id }),
  attempts: 8,
  key: ({ userId }) => String(userId),
  async run({ userId }, { store, clock }): Promise<Outcome> {
    const person = BigInt(userId);
    if (!(await forgetPerson(store, person))) return { status: "skipped", reason: "the person has not connected" };
    const act = { installationId: null, userId: person, login: String(person), via: "github" } as const;
    await recordAct(store.sql, { ...act, action: "account.revoked", target: String(person) }, clock.now());
    return { status: "done", reason: "the person's tokens, sessions and API tokens were deleted" };
  },
});
