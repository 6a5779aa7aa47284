import { z } from "zod";
import { repositoryFact } from "../facts/repository.js";
import { userFacts } from "../facts/user.js";
import { Delivered } from "./delivered.js";
import { defineHandler } from "./handler.js";

const Payload = Delivered.extend({ installation: z.object({ id: z.number() }).nullish() });

export const repository = defineHandler({
  on: "repository",
  actions: [
    "archived",
    "created",
    "deleted",
    "edited",
    "privatized",
    "publicized",
    "renamed",
    "transferred",
    "unarchived",
  ],
  payload: Payload,
  subject: () => null,
  skipWhen: [],
  facts: ({ action, repository, sender }) => [
    repositoryFact(repository, { observedAt: null, deleted: action === "deleted" }),
    ...userFacts([sender], repository.updated_at),
  ],
  jobs: ({ action, installation }) =>
    action === "transferred" && installation ? [{ name: "access", payload: { installationId: installation.id } }] : [],
});
