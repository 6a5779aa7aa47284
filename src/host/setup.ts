import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { getRequestListener } from "@hono/node-server";
import type { Config } from "../config.js";
import { createHttpServer } from "../http/server.js";
import type { Log } from "../log.js";
import { createGuard } from "../web/guard.js";
import { plainFrame } from "../web/identity/plain-frame.js";
import { firstOf, listen } from "../web/server.js";
import { readAssets, serveAssets } from "../web/pages/assets.js";
import type { Values } from "../web/setup/env-file.js";
import { setupRoutes } from "../web/setup/routes.js";

export interface SetupServer {
  /** Contains a one-time code; shown on the terminal only. */
  readonly url: string;
  /** Resolves when the App exists: with the values of `.env`, and the secret of the browser that created it. */
  readonly created: Promise<{ readonly values: Values; readonly session: string }>;
  close(): Promise<void>;
}

export interface OpenSetupOptions {
  readonly config: Config;
  /** The HOST variable; without it only this machine can open the page. */
  readonly host: string | undefined;
  /** The folder of `.env`. */
  readonly folder: string;
  /** Whether files are lost with this process; default: detected. */
  readonly inContainer?: boolean;
  readonly log: Log;
}

/** How long the last page may take while the server is closing (ms). */
const PATIENCE_MS = 1_000;

/** Serves only the guided set-up. It ends when the App exists, and the server takes its place. */
export async function openSetup(options: OpenSetupOptions): Promise<SetupServer> {
  const { config, host = "127.0.0.1", folder, log, inContainer = isContainer() } = options;
  const code = randomBytes(24).toString("base64url");
  let done: (created: { values: Values; session: string }) => void = () => undefined;
  const created = new Promise<{ values: Values; session: string }>((resolved) => {
    done = resolved;
  });
  const { serverUrl, apiUrl } = config.github;
  const assets = readAssets();
  const app = setupRoutes({
    code,
    envFile: inContainer ? null : resolve(folder, ".env"),
    github: { serverUrl, apiUrl },
    existing: { adminToken: config.adminToken, encryptionKeys: config.encryptionKeys },
    framed: plainFrame(assets),
    originOf: (request) => new URL(request.url).origin,
    onCreated: (values, session) => done({ values, session }),
  });
  serveAssets(app, [assets.style, assets.icon]);
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const guard = createGuard(host === "127.0.0.1" ? "http://localhost" : config.publicUrl);
  const next = firstOf([
    guard,
    (request, response) => {
      void listener(request, response);
      return true;
    },
  ]);
  const server = await listen(createHttpServer({ next, log }), { host, port: config.port });
  return { url: `${server.url}/setup?code=${code}`, created, close: () => server.close(PATIENCE_MS) };
}

/** If files are lost with the process, the secrets must be set where the process is started. */
function isContainer(): boolean {
  return existsSync("/.dockerenv") || existsSync("/run/.containerenv");
}
