import { z } from "zod";
import { Delivered, surroundings } from "./delivered.js";
import { defineHandler } from "./handler.js";

const Payload = Delivered.extend({
  check_run: z.object({
    id: z.number().int(),
    name: z.string(),
    head_sha: z.string(),
    external_id: z.string().nullish(),
    app: z.object({ id: z.number().int() }).nullish(),
  }),
});

export const checkRun = defineHandler({
  on: "check_run",
  actions: ["completed", "created", "requested_action", "rerequested"],
  payload: Payload,
  subject: ({ check_run }) => `check_run:${check_run.id}`,
  skipWhen: [
    {
      id: "not-rerequested",
      reason: "only a re-requested check run requires work",
      applies: ({ action }) => action !== "rerequested",
    },
    {
      id: "not-ours",
      reason: "the check run belongs to another App",
      applies: ({ check_run: { app } }, { appId }) => Boolean(app) && appId !== null && BigInt(app?.id ?? 0) !== appId,
    },
  ],
  facts: (payload) => surroundings(payload, payload.repository.updated_at),
  jobs: ({ repository, check_run: run }) => [
    { name: "recheck", payload: { repositoryId: repository.id, checkRunId: run.id, sha: run.head_sha } },
  ],
});
