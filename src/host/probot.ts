import { Probot } from "probot";
import { type ReceivedEvent, registerHandlers } from "../app.js";
import type { AppCredentials, Config } from "../config.js";
import { isHandledEvent } from "../domain.js";
import { type OctokitSettings, buildOctokit } from "../github/octokit.js";
import type { Log } from "../log.js";
import { asWebhookEvent } from "../unchecked.js";

export interface AppHost {
  readonly probot: Probot;
  /** Hands one delivery to its handler by way of Probot; an event without one goes straight to `receive`. */
  dispatch(event: ReceivedEvent): Promise<void>;
}

/**
 * The Probot of a server: explicit options only, so that it reads no environment, opens no Redis and knows no default
 * secret. The inbox verifies signatures; Probot is never given a request.
 */
export async function createAppHost(options: {
  readonly config: Config;
  readonly credentials: AppCredentials;
  readonly log: Log;
  readonly octokit?: Partial<OctokitSettings>;
  receive(event: ReceivedEvent): Promise<void>;
}): Promise<AppHost> {
  const { config, credentials, log, receive } = options;
  const [secret] = credentials.webhookSecrets;
  const probot = new Probot({
    appId: credentials.appId,
    privateKey: credentials.privateKey,
    secret,
    log,
    Octokit: buildOctokit({ apiUrl: config.github.apiUrl, ...options.octokit }),
  });
  await probot.ready();
  registerHandlers(probot, receive);
  return {
    probot,
    async dispatch(event) {
      const { id, name, payload } = event;
      // Probot looks into the payload before any handler does: only an object may reach it.
      if (!isHandledEvent(name) || typeof payload !== "object" || payload === null) return receive(event);
      await probot.receive(asWebhookEvent({ id, name, payload })).catch(rethrowCause);
    },
  };
}

/** Probot wraps what a listener throws, and hangs the whole payload on it: only the cause goes on, without it. */
function rethrowCause(error: unknown): never {
  const [cause = error] = error instanceof AggregateError ? error.errors.map((inner: unknown) => inner) : [];
  if (typeof cause === "object" && cause !== null) Reflect.deleteProperty(cause, "event");
  throw cause;
}
