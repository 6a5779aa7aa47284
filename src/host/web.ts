import { getRequestListener } from "@hono/node-server";
import { getConnInfo } from "@hono/node-server/conninfo";
import { ConfigError } from "../errors.js";
import { pathOf } from "../http/request-path.js";
import type { RequestHandler } from "../http/server.js";
import { packageVersion } from "../package-file.js";
import { bindingProblem } from "../store/access/protect.js";
import { createApi } from "../web/api/app.js";
import { IDENTITY_PATHS, identityRoutes, SIGN_IN_PATH } from "../web/identity/routes.js";
import { createEventStream } from "../web/live/event-stream.js";
import { progressRoutes, SETUP_PATH } from "../web/setup/progress.js";
import { HEALTH_EVERY_MS } from "./health.js";
import { openIdentity } from "./identity.js";
import { openPages } from "./pages.js";
import type { ServeOptions } from "./serve.js";

export interface Web {
  readonly handle: RequestHandler;
  /** Ends open streams, which would delay the stop of the server. */
  close(): void;
}

/**
 * The pages, the API and sign-in: everything but the inbox and the probes.
 * @throws ConfigError when row-level security would not bind people's requests.
 */
export async function openWeb(options: ServeOptions): Promise<Web> {
  const { config, store, clock, log, errors, queues } = options;
  const unbound = await bindingProblem(store.sql);
  if (unbound) throw new ConfigError([{ variable: "DATABASE_URL", ...unbound }]);
  const identity = openIdentity({ config, store, clock, log });
  const { viewerOf, sessions, connectOff } = identity;
  const { adminToken } = config;
  if (options.signedIn !== undefined && adminToken !== undefined)
    await sessions.begin({ adminToken }, null, null, options.signedIn);
  const site = openPages(options, { viewerOf, signInPath: SIGN_IN_PATH });
  const origin = config.publicUrl === undefined ? null : new URL(config.publicUrl).origin;
  const shared = {
    store,
    clock,
    log,
    errors,
    viewerOf,
    framed: site.framed,
    originOf: (request: Request): string => origin ?? new URL(request.url).origin,
  };
  const people = listener(
    identityRoutes({
      ...identity,
      ...shared,
      adminToken,
      addressOf: (c) => getConnInfo(c).remote.address ?? "unknown",
    }),
  );
  const progress = listener(
    progressRoutes({ ...shared, reachedAt: config.publicUrl ?? config.webhookProxyUrl ?? null }),
  );
  const events = createEventStream({ store, clock, log, viewerOf });
  const api = listener(
    createApi({
      ...shared,
      version: packageVersion(),
      dryRun: config.dryRun,
      connectOff,
      events,
      healthEveryMs: HEALTH_EVERY_MS,
      wakeJobs: (wakeUps) => queues.add(wakeUps),
      wakeDeliveries: (ids) => queues.wake(ids),
    }),
  );
  return {
    handle(request, response) {
      const path = pathOf(request);
      if (IDENTITY_PATHS.has(path)) void people(request, response);
      else if (path === SETUP_PATH) void progress(request, response);
      else if (path.startsWith("/api/")) void api(request, response);
      else site.handle(request, response);
      return true;
    },
    close() {
      site.close();
      events.close();
    },
  };
}

function listener(app: { readonly fetch: Parameters<typeof getRequestListener>[0] }) {
  return getRequestListener(app.fetch, { overrideGlobalObjects: false });
}
