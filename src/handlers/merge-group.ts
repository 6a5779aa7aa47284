import { z } from "zod";
import { Delivered, surroundings } from "./delivered.js";
import { defineHandler } from "./handler.js";

const Payload = Delivered.extend({
  merge_group: z.object({ head_sha: z.string(), head_ref: z.string() }),
});

export const mergeGroup = defineHandler({
  on: "merge_group",
  actions: ["checks_requested", "destroyed"],
  payload: Payload,
  subject: ({ merge_group }) => `merge_group:${merge_group.head_sha.slice(0, 12)}`,
  skipWhen: [
    {
      id: "not-requested",
      reason: "only a merge group that waits for checks requires work",
      applies: ({ action }) => action !== "checks_requested",
    },
  ],
  facts: (payload) => surroundings(payload, payload.repository.updated_at),
  // The merge-group agent has its own triggers.
  jobs: () => [],
});
