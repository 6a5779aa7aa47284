import { z } from "zod";
import { accessFacts, GRACE_MS, InstallationBody, installationFact } from "../facts/installation.js";
import { namedRepositoryFact, RepositoryName } from "../facts/repository.js";
import { Author, userFacts } from "../facts/user.js";
import { defineHandler } from "./handler.js";
import type { Wish } from "../job-payloads.js";

const Payload = z.object({
  action: z.string(),
  installation: InstallationBody,
  repositories: z.array(RepositoryName).nullish(),
  sender: Author,
});

/** Actions after which the App may have more access, or may have missed deliveries. */
const READ_AGAIN: ReadonlySet<string> = new Set(["created", "unsuspend", "new_permissions_accepted"]);
/** Actions before which work was left undone. Items that were open before the installation do not count. */
const CATCH_UP: ReadonlySet<string> = new Set(["unsuspend", "new_permissions_accepted"]);

export const installation = defineHandler({
  on: "installation",
  actions: ["created", "deleted", "new_permissions_accepted", "suspend", "unsuspend"],
  payload: Payload,
  subject: () => null,
  skipWhen: [
    {
      id: "suspended",
      reason: "the installation is suspended; a sync follows when it is unsuspended",
      applies: ({ action }) => action === "suspend",
    },
  ],
  facts({ action, installation: body, repositories, sender }) {
    const deleted = action === "deleted";
    const named = deleted ? [] : (repositories ?? []);
    return [
      installationFact(body, { observedAt: null, deleted }),
      ...named.map(namedRepositoryFact),
      ...accessFacts(named, true, body.updated_at),
      ...userFacts([sender], body.updated_at),
    ];
  },
  jobs({ action, installation: { id } }) {
    const payload = { installationId: id };
    if (action === "deleted") return [{ name: "purge-tenant", payload, delayMs: GRACE_MS }];
    if (!READ_AGAIN.has(action)) return [];
    const sync: Wish = { name: "sync", payload: { installationId: id, mode: "full" } };
    return [
      { name: "access", payload },
      sync,
      ...(CATCH_UP.has(action) ? [{ name: "catch-up", payload } as const] : []),
    ];
  },
});
