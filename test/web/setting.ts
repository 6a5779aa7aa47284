import { randomBytes } from "node:crypto";
import { Hono } from "hono";
import { html } from "hono/html";
import { onTestFinished } from "vitest";
import { z } from "zod";
import { type GitHubOptions, type RunningGitHub, startGitHub } from "../../simulator/index.js";
import { readConfig } from "../../src/config.js";
import { openIdentity } from "../../src/host/identity.js";
import { createLog } from "../../src/log.js";
import type { Store } from "../../src/store/store.js";
import { UNTRACKED } from "../../src/telemetry/error-tracker.js";
import { isForged, type Viewer } from "../../src/web/viewer.js";
import type { Framed } from "../../src/web/identity/frame.js";
import { identityRoutes } from "../../src/web/identity/routes.js";

export const ORIGIN = "https://app.example.com";
export const ADMIN_TOKEN = "admin-token-of-this-test-0001";
export const KEY = `k1:${randomBytes(32).toString("base64")}`;

/** Time that a test moves. */
export class TestClock {
  #ahead = 0;
  now = (): Date => new Date(Date.now() + this.#ahead);
  advance(ms: number): void {
    this.#ahead += ms;
  }
}

/** A simulated GitHub with the organisation acme: ada owns it, mel is a member who reads acme/shop alone. */
export async function startAcme(options: GitHubOptions = {}) {
  const github = await startGitHub(options);
  onTestFinished(() => github.close());
  const { control } = github;
  for (const repository of ["acme/shop", "acme/vault", "acme/open"]) {
    await control.apply("createRepository", {
      repository,
      visibility: repository === "acme/open" ? "public" : "private",
    });
  }
  await control.apply("setMembership", { organization: "acme", login: "ada", role: "admin" });
  await control.apply("setMembership", { organization: "acme", login: "mel", role: "member" });
  await control.apply("setRole", { repository: "acme/shop", login: "mel", role: "read" });
  const { id = 0 } = await control.apply("install", {});
  return { github, installation: BigInt(id) };
}

/** The installation and its repositories, as a sync stores them. */
export async function mirror(store: Store, github: RunningGitHub): Promise<void> {
  const now = new Date();
  const { installations, repositories } = github.simulation.organisation;
  for (const { id, account } of installations.values())
    await store.sql.query(
      `INSERT INTO installations (id, account_id, account_login, account_type, updated_at, content_hash)
       VALUES ($1, $2, $3, $4, $5, '') ON CONFLICT DO NOTHING`,
      [id, account.id, account.login, account.type, now],
    );
  for (const { id, owner, name, visibility } of repositories.values()) {
    const installation = [...installations.values()].find((each) => each.account === owner);
    if (!installation) continue;
    await store.sql.query(
      `INSERT INTO repositories (id, installation_id, owner_login, name, full_name, private, visibility, updated_at, content_hash)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '') ON CONFLICT DO NOTHING`,
      [id, installation.id, owner.login, name, `${owner.login}/${name}`, visibility !== "public", visibility, now],
    );
  }
}

const framed: Framed = async (c, { title, body, status }) => c.html(html`<title>${title}</title>${await body}`, status);

export interface SiteSettings {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly clock?: TestClock;
  readonly fetch?: typeof fetch;
}

/** The identity half of a server, without a port: one process of it. */
export function openSite(
  store: Store,
  github: RunningGitHub,
  { env, clock = new TestClock(), fetch }: SiteSettings = {},
) {
  const config = readConfig({
    PUBLIC_URL: ORIGIN,
    ADMIN_TOKEN,
    ENCRYPTION_KEYS: KEY,
    GITHUB_CLIENT_ID: github.clientId,
    GITHUB_CLIENT_SECRET: github.clientSecret,
    GITHUB_API_URL: github.url,
    GITHUB_SERVER_URL: github.url,
    ...env,
  });
  const log = createLog({ level: "silent" });
  const identity = openIdentity({ config, store, clock, log, ...(fetch && { fetch }) });
  const app = new Hono();
  const seen = (viewer: Viewer | null) =>
    viewer && {
      ...viewer,
      scopes: [...viewer.scopes],
      installations: viewer.installations.map((each) => ({
        ...each,
        id: String(each.id),
        repositories: each.repositories === "all" ? "all" : [...each.repositories].map(String).sort(),
      })),
      userId: viewer.userId === null ? null : String(viewer.userId),
    };
  app.get("/who", async (c) => c.json(seen(await identity.viewerOf(c.req.raw))));
  app.post("/who", async (c) => {
    const viewer = await identity.viewerOf(c.req.raw);
    return c.json({
      forged: viewer !== null && isForged(viewer, c.req.header("x-csrf-token") ?? null),
      ...seen(viewer),
    });
  });
  app.route(
    "/",
    identityRoutes({
      ...identity,
      store,
      clock,
      log,
      errors: UNTRACKED,
      adminToken: config.adminToken,
      framed,
      originOf: () => ORIGIN,
      addressOf: () => "192.0.2.1",
    }),
  );
  return { app, identity, clock };
}

export type Site = ReturnType<typeof openSite>;

const Seen = z.record(z.string(), z.unknown()).nullable();

/** A browser: keeps cookies, and goes to GitHub and back. */
export class Browser {
  readonly cookies = new Map<string, string>();

  async ask(site: Site, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.cookies.size > 0)
      headers.set("cookie", [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await site.app.request(`${ORIGIN}${path}`, { ...init, headers });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (/max-age=0\b/i.test(cookie)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  /** Begins at the server and lets the person agree at GitHub; gives the path that GitHub sends the browser back to. */
  async agree(site: Site, login: string, returnTo = "/"): Promise<string> {
    const begun = await this.ask(site, `/api/integrations/github/connect?return_to=${encodeURIComponent(returnTo)}`);
    const url = new URL(begun.headers.get("location") ?? "");
    url.searchParams.set("login", login);
    const agreed = await fetch(url, { redirect: "manual" });
    const back = new URL(agreed.headers.get("location") ?? "");
    return `${back.pathname}${back.search}`;
  }

  /** The whole way; gives the last answer. */
  async signIn(site: Site, login: string, returnTo = "/"): Promise<Response> {
    return this.ask(site, await this.agree(site, login, returnTo));
  }

  async who(site: Site, init: RequestInit = {}): Promise<z.infer<typeof Seen>> {
    return Seen.parse(await (await this.ask(site, "/who", init)).json());
  }

  form(fields: Record<string, string>, headers: Record<string, string> = {}): RequestInit {
    return { method: "POST", body: new URLSearchParams(fields), headers };
  }
}
