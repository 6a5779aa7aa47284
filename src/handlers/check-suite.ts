import { z } from "zod";
import { Delivered, surroundings } from "./delivered.js";
import { defineHandler } from "./handler.js";

const Payload = Delivered.extend({
  check_suite: z.object({
    id: z.number().int(),
    head_sha: z.string(),
    app: z.object({ id: z.number().int() }).nullish(),
  }),
});

/** A person pressed 'Re-run all checks': GitHub sends this once to each App, and not once for each check. */
export const checkSuite = defineHandler({
  on: "check_suite",
  actions: ["completed", "requested", "rerequested"],
  payload: Payload,
  subject: ({ check_suite }) => `check_suite:${check_suite.id}`,
  skipWhen: [
    {
      id: "not-rerequested",
      reason: "only a re-requested check suite requires work",
      applies: ({ action }) => action !== "rerequested",
    },
    {
      id: "not-ours",
      reason: "the check suite belongs to another App",
      applies: ({ check_suite: { app } }, { appId }) =>
        Boolean(app) && appId !== null && BigInt(app?.id ?? 0) !== appId,
    },
  ],
  facts: (payload) => surroundings(payload, payload.repository.updated_at),
  jobs: ({ repository, check_suite: suite }) => [
    { name: "recheck", payload: { repositoryId: repository.id, checkRunId: suite.id, sha: suite.head_sha } },
  ],
});
