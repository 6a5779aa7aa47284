import { createServer, type IncomingHttpHeaders } from "node:http";
import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/core";
import { startGitHub, type GitHubOptions, type RunningGitHub } from "./start.js";

interface Closing {
  close(): Promise<void>;
}

/** What the tests of this folder start; `closeAll` ends it. */
const open: Closing[] = [];

export async function closeAll(): Promise<void> {
  for (const each of open.splice(0)) await each.close();
}

export interface Shop {
  readonly github: RunningGitHub;
  /** Signed in as the installation. */
  readonly octokit: Octokit;
  /** Signed in as the App. */
  readonly app: Octokit;
  readonly installation: number;
}

/** A GitHub with one repository, acme/shop, on which the App is installed. */
export async function startShop(options: GitHubOptions = {}): Promise<Shop> {
  const github = await startGitHub(options);
  open.push(github);
  await github.control.apply("createRepository", { repository: "acme/shop" });
  const { id: installation = 0 } = await github.control.apply("install", {});
  await github.control.run("idle", {});
  const { appId, privateKey, url: baseUrl } = github;
  const sign = (auth: object): Octokit =>
    new Octokit({ baseUrl, authStrategy: createAppAuth, auth: { appId, privateKey, ...auth }, log: quiet });
  return { github, installation, octokit: sign({ installationId: installation }), app: sign({}) };
}

const nothing = (): void => undefined;
const quiet = { debug: nothing, info: nothing, warn: nothing, error: nothing };

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver of deliveries that answers with one status. */
export async function startReceiver(status = 202): Promise<{ readonly url: string; readonly received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push({
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}/hook`,
    received,
  };
}

/** A token of the installation, made without the client's cache. */
export async function tokenOf({ app, installation }: Shop): Promise<string> {
  const { data } = await app.request("POST /app/installations/{installation_id}/access_tokens", {
    installation_id: installation,
  });
  return data.token;
}
