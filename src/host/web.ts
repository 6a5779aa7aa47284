import { getRequestListener } from "@hono/node-server";
import { getConnInfo } from "@hono/node-server/conninfo";
import type { Config } from "../config.js";
import { ConfigError } from "../errors.js";
import type { Clock } from "../domain.js";
import type { RequestHandler } from "../http/server.js";
import { pathOf } from "../http/request-path.js";
import type { Log } from "../log.js";
import { bindingProblem } from "../store/access/protect.js";
import type { Store } from "../store/store.js";
import type { ErrorTracker } from "../telemetry/error-tracker.js";
import { plainFrame } from "../web/identity/plain-frame.js";
import { IDENTITY_PATHS, identityRoutes } from "../web/identity/routes.js";
import { openIdentity } from "./identity.js";

export interface WebParts {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly errors: ErrorTracker;
}

/**
 * Signing in and out, for people.
 * @throws ConfigError when row-level security would not bind their requests.
 */
export async function openWeb({ config, store, clock, log, errors }: WebParts): Promise<RequestHandler> {
  const unbound = await bindingProblem(store.sql);
  if (unbound) throw new ConfigError([{ variable: "DATABASE_URL", ...unbound }]);
  const identity = openIdentity({ config, store, clock, log });
  const origin = config.publicUrl === undefined ? null : new URL(config.publicUrl).origin;
  const app = identityRoutes({
    ...identity,
    store,
    clock,
    log,
    errors,
    adminToken: config.adminToken,
    framed: plainFrame,
    originOf: (request) => origin ?? new URL(request.url).origin,
    addressOf: (c) => getConnInfo(c).remote.address ?? "unknown",
  });
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  return (request, response) => {
    if (!IDENTITY_PATHS.has(pathOf(request))) return false;
    void listener(request, response);
    return true;
  };
}
