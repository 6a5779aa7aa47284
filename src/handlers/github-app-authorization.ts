import { z } from "zod";
import { id } from "../facts/scalars.js";
import { defineHandler } from "./handler.js";

const Payload = z.object({ action: z.string(), sender: z.object({ id }) });

/** A person revoked the App's right to act for them. It belongs to no installation. */
export const githubAppAuthorization = defineHandler({
  on: "github_app_authorization",
  actions: ["revoked"],
  payload: Payload,
  subject: () => null,
  skipWhen: [],
  facts: () => [],
  jobs: ({ sender }) => [{ name: "revoke-user", payload: { userId: sender.id } }],
});
