import { z } from "zod";
import { DeploymentBody, deploymentFacts } from "../facts/deployment.js";
import { Delivered, scopeOf, surroundings } from "./delivered.js";
import { defineHandler } from "./handler.js";

const Payload = Delivered.extend({
  environment: z.string(),
  deployment_callback_url: z.string(),
  // Null when the workflow creates no deployment itself.
  deployment: DeploymentBody.nullish(),
});

export const deploymentProtectionRule = defineHandler({
  on: "deployment_protection_rule",
  actions: ["requested"],
  payload: Payload,
  subject: ({ deployment }) => (deployment ? `deployment:${deployment.id}` : null),
  skipWhen: [],
  facts: (payload) => [
    ...surroundings(payload, payload.deployment?.updated_at ?? payload.repository.updated_at),
    ...(payload.deployment ? deploymentFacts(payload.deployment, scopeOf(payload)) : []),
  ],
  // The agent for protection rules asks for its own work.
  jobs: () => [],
});
