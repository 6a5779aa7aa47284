import { z } from "zod";
import { ByActions, DeploymentBody, deploymentFacts } from "../facts/deployment.js";
import { Delivered, scopeOf, surroundings } from "./delivered.js";
import { defineHandler } from "./handler.js";

/** Enterprise Server sends these without an action, because there is only one. */
const action = z.string().default("created");
const Payload = Delivered.extend({ action, deployment: DeploymentBody, ...ByActions.shape });

export const deployment = defineHandler({
  on: "deployment",
  actions: ["created"],
  payload: Payload,
  subject: ({ deployment }) => `deployment:${deployment.id}`,
  skipWhen: [],
  facts: (payload) => [
    ...surroundings(payload, payload.deployment.updated_at),
    ...deploymentFacts(payload.deployment, scopeOf(payload), payload),
  ],
  // The watch for incidents finds a deployment without a result; its statuses bring the rest.
  jobs: () => [],
});
