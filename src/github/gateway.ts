import type { Octokit } from "@octokit/core";
import { z } from "zod";
import type { Clock } from "../domain.js";
import { type CircuitObserver, Circuits, REFUSAL } from "./circuit.js";
import { createClient, type GitHubClient } from "./client.js";
import type { AppIdentity } from "../effects/author.js";
import { DefaultPauses } from "./limits.js";
import type { GitHubReader } from "./reader.js";
import { createRestReader } from "./rest-reader.js";

export interface GatewayOptions {
  /** Probot's `auth(installationId)`; in GitHub Actions an Octokit with the job's token. */
  octokitFor(installationId: bigint): Promise<Octokit>;
  /** Probot's `auth()`, for the App itself; null without App credentials. */
  readonly appOctokit: (() => Promise<Octokit>) | null;
  /** The author of writes when the App cannot be asked: `ACTIONS_IDENTITY` in GitHub Actions. */
  readonly identity?: AppIdentity;
  readonly graphqlUrl: string;
  readonly clock: Clock;
  /** Receives the changes of circuits. */
  readonly onCircuit?: CircuitObserver;
}

/** The gateway for every call to GitHub's API. One in a process. */
export interface Gateway {
  client(installationId: bigint): GitHubClient;
  /** Calls of the App itself (`/app…`); null without App credentials. */
  readonly app: GitHubClient | null;
  reader(installationId: bigint): GitHubReader;
  /** The author of the App's comments, checks and reviews, read once. */
  identity(): Promise<AppIdentity>;
}

const App = z.object({ id: z.coerce.bigint(), slug: z.string() });

export function createGateway(options: GatewayOptions): Gateway {
  const pauses = new DefaultPauses();
  const { graphqlUrl, clock, appOctokit } = options;
  const circuits = new Circuits(() => clock.now().getTime(), options.onCircuit);
  const refusals = new Circuits(() => clock.now().getTime(), undefined, REFUSAL);
  const client = (installationId: bigint): GitHubClient =>
    createClient({
      scope: String(installationId),
      octokit: () => options.octokitFor(installationId),
      graphqlUrl,
      clock,
      pauses,
      circuits,
      refusals,
    });
  const app =
    appOctokit &&
    createClient({ scope: "app", octokit: appOctokit, graphqlUrl, clock, pauses, circuits, refusals: null });
  let identity = options.identity;
  return {
    client,
    app,
    reader: (installationId) => createRestReader(client(installationId), app, installationId),
    async identity() {
      if (identity) return identity;
      if (!app) throw new TypeError("A gateway without App credentials needs an identity");
      const { id, slug } = App.parse((await app.rest("GET /app")).data);
      identity = { appId: id, login: `${slug}[bot]` };
      return identity;
    },
  };
}
