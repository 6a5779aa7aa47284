import { DeploymentBody, deploymentFacts } from "../facts/deployment.js";
import { Delivered, scopeOf, surroundings } from "./delivered.js";
import { defineHandler } from "./handler.js";

const Payload = Delivered.extend({ deployment: DeploymentBody });

export const deployment = defineHandler({
  on: "deployment",
  actions: ["created"],
  payload: Payload,
  subject: ({ deployment }) => `deployment:${deployment.id}`,
  skipWhen: [],
  facts: (payload) => [
    ...surroundings(payload, payload.deployment.updated_at),
    ...deploymentFacts(payload.deployment, scopeOf(payload)),
  ],
  jobs: ({ action, repository, deployment }) =>
    action === "created"
      ? [{ name: "monitor-deployment", payload: { repositoryId: repository.id, deploymentId: deployment.id } }]
      : [],
});
