import type { AppCredentials, Config } from "../config.js";
import type { Clock } from "../domain.js";
import { InvalidError } from "../errors.js";
import type { GitHubClient } from "../github/client.js";
import { createGateway, type Gateway } from "../github/gateway.js";
import { createAppHost } from "../host/probot.js";
import { commandLog } from "./open.js";

/** A client for GitHub with the server's settings, for commands. */
export async function openGateway(config: Config, credentials: AppCredentials, clock: Clock): Promise<Gateway> {
  const host = await createAppHost({ config, credentials, log: commandLog("silent") });
  return createGateway({
    octokitFor: (id) => host.probot.auth(Number(id)),
    appOctokit: () => host.probot.auth(),
    graphqlUrl: config.github.graphqlUrl,
    clock,
  });
}

/** Calls of the App itself. */
export async function appClient(config: Config, credentials: AppCredentials, clock: Clock): Promise<GitHubClient> {
  const { app } = await openGateway(config, credentials, clock);
  if (app) return app;
  throw new InvalidError("this request needs the credentials of the App (APP_ID and PRIVATE_KEY)");
}
