import type { RunningGitHub } from "../../simulator/index.js";
import { readConfig } from "../../src/config.js";
import { createLog } from "../../src/log.js";
import { type Running, start, type StartOptions } from "../../src/main.js";

/** The environment of an app beside a simulated GitHub, and of its commands. */
export function environmentOf(github: Pick<RunningGitHub, "url" | "graphqlUrl">, databaseUrl: string) {
  return {
    DATABASE_URL: databaseUrl,
    PORT: "0",
    HOST: "127.0.0.1",
    GITHUB_API_URL: github.url,
    GITHUB_GRAPHQL_URL: github.graphqlUrl,
  };
}

type Given = Partial<Omit<StartOptions, "config" | "credentials">> & {
  /** On top of what the app needs to start. */
  readonly env?: Readonly<Record<string, string | undefined>>;
};

/** The whole app beside a simulated GitHub, which has yet to be told to deliver to it. Says nothing unless a log is given. */
export function startBeside(
  github: Pick<RunningGitHub, "url" | "graphqlUrl" | "appId" | "privateKey" | "webhookSecret">,
  databaseUrl: string,
  { env, ...options }: Given = {},
): Promise<Running> {
  return start({
    config: readConfig({ ...environmentOf(github, databaseUrl), ...env }),
    credentials: { appId: github.appId, privateKey: github.privateKey, webhookSecrets: [github.webhookSecret] },
    log: createLog({ level: "silent" }),
    ...options,
  });
}
