import { z } from "zod";
import {
  ByActions,
  DeploymentBody,
  DeploymentStatusBody,
  deploymentFacts,
  deploymentStatusFacts,
} from "../facts/deployment.js";
import { Delivered, scopeOf, surroundings } from "./delivered.js";
import { defineHandler } from "./handler.js";

/** Enterprise Server sends these without an action, because there is only one. */
const action = z.string().default("created");
const Payload = Delivered.extend({
  action,
  deployment: DeploymentBody,
  deployment_status: DeploymentStatusBody,
  ...ByActions.shape,
});

const FINAL: ReadonlySet<string> = new Set(["success", "failure", "error"]);

export const deploymentStatus = defineHandler({
  on: "deployment_status",
  actions: ["created"],
  payload: Payload,
  subject: ({ deployment }) => `deployment:${deployment.id}`,
  skipWhen: [
    {
      id: "under-way",
      reason: "the deployment has not ended yet",
      applies: ({ deployment_status }) => !FINAL.has(deployment_status.state),
    },
  ],
  facts(payload) {
    const { deployment, deployment_status: status } = payload;
    const scope = scopeOf(payload);
    return [
      ...surroundings(payload, status.updated_at),
      ...deploymentFacts(deployment, scope, payload),
      ...deploymentStatusFacts(status, deployment.id, scope, payload),
    ];
  },
  jobs({ action, repository, deployment, deployment_status: status }) {
    if (action !== "created") return [];
    const payload = { repositoryId: repository.id, deploymentId: deployment.id, statusId: status.id };
    return [{ name: status.state === "success" ? "notify-deployed" : "alert-deployment", payload }];
  },
});
