import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { publicKeyOf } from "./auth/jwt.js";
import { Tokens, type Lifetimes } from "./auth/tokens.js";
import { Clock } from "./clock.js";
import { controlOf, type Control } from "./control/client.js";
import { answerControl } from "./control/endpoint.js";
import { operate } from "./control/operate.js";
import { DeliverySender } from "./deliveries/sender.js";
import { FaultSwitch, type Faults } from "./faults.js";
import { Limits, type LimitsOptions } from "./limits/limits.js";
import { createOrganisation, type OrganisationOptions } from "./organisation/create.js";
import { restRouter } from "./rest/index.js";
import { CallLog } from "./server/call-log.js";
import { answerCall, readBody } from "./server/http.js";
import type { Simulation } from "./simulation.js";
import { expectHandled } from "./unhandled.js";

export interface GitHubOptions {
  readonly organisation?: Omit<OrganisationOptions, "now" | "apiUrl" | "htmlUrl">;
  readonly limits?: LimitsOptions;
  readonly faults?: Partial<Faults>;
  readonly tokenLifetimes?: Lifetimes;
  /** Where deliveries go; can be set later. */
  readonly webhookUrl?: string;
  readonly webhookSecret?: string;
  readonly deliveryConcurrency?: number;
  readonly deliveryTimeoutMs?: number;
  /** Milliseconds after which a GraphQL query is cut with a 502 and costs twice; default 10 s. */
  readonly queryTimeoutMs?: number;
  /** PEM of the App's key; default a new one. */
  readonly privateKey?: string;
  readonly clientSecret?: string;
  readonly port?: number;
}

/** What an App has to know of the GitHub it talks to. */
export interface GitHubAddress {
  /** REST, the site and OAuth: GITHUB_API_URL and GITHUB_SERVER_URL. */
  readonly url: string;
  readonly graphqlUrl: string;
  readonly appId: number;
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface RunningGitHub extends GitHubAddress {
  readonly simulation: Simulation;
  readonly control: Control;
  /** Ends it. @throws UnhandledError if it was asked for what is not simulated. */
  close(): Promise<void>;
}

let privateKeyHere: string | null = null;

/** The App's, the same for every simulated GitHub of a process: making one takes half a second. */
function privateKeyOfProcess(): string {
  if (privateKeyHere !== null) return privateKeyHere;
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  privateKeyHere = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return privateKeyHere;
}

/** Starts a simulated GitHub in this process, on 127.0.0.1. */
export async function startGitHub(options: GitHubOptions = {}): Promise<RunningGitHub> {
  const clock = new Clock();
  const organisation = createOrganisation({ ...options.organisation, now: clock.now });
  const faults = new FaultSwitch();
  faults.set(options.faults ?? {});
  const privateKey = options.privateKey ?? privateKeyOfProcess();
  const webhookSecret = options.webhookSecret ?? "a-secret-of-the-simulated-github";
  const deliveries = new DeliverySender({
    appId: organisation.app.id,
    url: options.webhookUrl ?? null,
    secret: webhookSecret,
    now: clock.now,
    faults,
    ...(options.deliveryConcurrency === undefined ? {} : { concurrency: options.deliveryConcurrency }),
    ...(options.deliveryTimeoutMs === undefined ? {} : { timeoutMs: options.deliveryTimeoutMs }),
  });
  const simulation: Simulation = {
    organisation,
    clock,
    deliveries,
    faults,
    limits: new Limits(options.limits ?? {}),
    tokens: new Tokens(options.tokenLifetimes ?? {}),
    codes: new Map(),
    appKey: publicKeyOf(privateKey),
    privateKey,
    manifests: new Map(),
    clientSecret: options.clientSecret ?? "simulated-client-secret",
    signedInAs: "octocat",
    log: new CallLog(),
  };
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const url = new URL(request.url ?? "/", organisation.urls.api);
      const body = await readBody(request);
      const path = url.pathname.replace(/^\/api\/v3(?=\/)/, "").replace(/(?<=.)\/$/, "");
      if (path.startsWith("/_control/"))
        return answerControl(simulation, path.slice("/_control/".length), body, response);
      const { method = "GET", headers } = request;
      const call = { simulation, method, path, query: url.searchParams, headers, body, origin: organisation.urls.api };
      return answerCall(call, response, restRouter, options.queryTimeoutMs ?? 10_000);
    };
    answer().catch((error: unknown) => {
      simulation.log.addUnhandled(`crash: ${String(error)}`);
      response.destroy();
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const url = `http://127.0.0.1:${port}`;
  organisation.urls.api = url;
  organisation.urls.html = url;
  return {
    url,
    graphqlUrl: `${url}/graphql`,
    appId: organisation.app.id,
    privateKey,
    webhookSecret,
    clientId: organisation.app.clientId,
    clientSecret: simulation.clientSecret,
    simulation,
    control: controlOf((name, input) => operate(simulation, name, input)),
    close: async () => {
      deliveries.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      expectHandled(simulation.log.unhandled.keys());
    },
  };
}
