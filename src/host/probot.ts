import { Probot } from "probot";
import { registerHandlers } from "../app.js";
import type { AppCredentials, Config } from "../config.js";
import { isHandledEvent } from "../domain.js";
import { type OctokitSettings, buildOctokit } from "../github/octokit.js";
import type { ReceivedDelivery } from "../process/process-claimed.js";
import type { Log } from "../log.js";
import { asWebhookEvent } from "../unchecked.js";

export interface AppHost {
  readonly probot: Probot;
  /**
   * Lets Probot receive one delivery, and runs `work` in its listener for the event. Without a listener `work` runs
   * directly. Throws the error of `work`.
   */
  dispatch(delivery: Pick<ReceivedDelivery, "guid" | "name" | "payload">, work: () => Promise<void>): Promise<void>;
}

/**
 * The Probot of a server, with explicit options only: it reads no environment, opens no Redis and uses no default
 * secret. The inbox verifies signatures; Probot never sees a request.
 */
export async function createAppHost(options: {
  readonly config: Config;
  readonly credentials: AppCredentials;
  readonly log: Log;
  readonly octokit?: Partial<OctokitSettings>;
}): Promise<AppHost> {
  const { config, credentials, log } = options;
  const [secret] = credentials.webhookSecrets;
  const probot = new Probot({
    appId: credentials.appId,
    privateKey: credentials.privateKey,
    secret,
    log,
    Octokit: buildOctokit({ apiUrl: config.github.apiUrl, ...options.octokit }),
  });
  await probot.ready();
  // Identified by the payload object, because one GUID may be processed twice when a claim has expired.
  const works = new WeakMap<object, () => Promise<void>>();
  registerHandlers(probot, async ({ payload }) => {
    const work = typeof payload === "object" && payload !== null ? works.get(payload) : undefined;
    if (!work) throw new TypeError("Probot received an event outside of a worker");
    await work();
  });
  return {
    probot,
    async dispatch({ guid, name, payload }, work) {
      if (!isHandledEvent(name)) return work();
      works.set(payload, work);
      await probot.receive(asWebhookEvent({ id: guid, name, payload })).catch(rethrowCause);
    },
  };
}

/** Probot wraps a listener's error and attaches the whole payload; only the cause is passed on. */
function rethrowCause(error: unknown): never {
  let cause = error;
  while (cause instanceof AggregateError && cause.errors.length > 0)
    [cause] = cause.errors.map((inner: unknown) => inner);
  if (typeof cause === "object" && cause !== null) Reflect.deleteProperty(cause, "event");
  throw cause;
}
