import { getRequestListener } from "@hono/node-server";
import { getConnInfo } from "@hono/node-server/conninfo";
import { ConfigError } from "../errors.js";
import type { RequestHandler } from "../http/server.js";
import { pathOf } from "../http/request-path.js";
import { bindingProblem } from "../store/access/protect.js";
import { IDENTITY_PATHS, identityRoutes, SIGN_IN_PATH } from "../web/identity/routes.js";
import { openIdentity } from "./identity.js";
import { openPages } from "./pages.js";
import type { ServeOptions } from "./serve.js";

export interface Web {
  readonly handle: RequestHandler;
  /** Ends the open streams: they would hold up the end of the server. */
  close(): void;
}

/**
 * The pages, and signing in and out. What is below /api and not theirs is left to others.
 * @throws ConfigError when row-level security would not bind people's requests.
 */
export async function openWeb(options: ServeOptions): Promise<Web> {
  const { config, store, clock, log, errors } = options;
  const unbound = await bindingProblem(store.sql);
  if (unbound) throw new ConfigError([{ variable: "DATABASE_URL", ...unbound }]);
  const identity = openIdentity({ config, store, clock, log });
  const { viewerOf } = identity;
  const site = openPages(options, { viewerOf, signInPath: SIGN_IN_PATH });
  const origin = config.publicUrl === undefined ? null : new URL(config.publicUrl).origin;
  const app = identityRoutes({
    ...identity,
    store,
    clock,
    log,
    errors,
    adminToken: config.adminToken,
    framed: site.framed,
    originOf: (request) => origin ?? new URL(request.url).origin,
    addressOf: (c) => getConnInfo(c).remote.address ?? "unknown",
  });
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  return {
    handle(request, response) {
      const path = pathOf(request);
      if (IDENTITY_PATHS.has(path)) void listener(request, response);
      else if (path.startsWith("/api/")) return false;
      else site.handle(request, response);
      return true;
    },
    close: () => site.close(),
  };
}
