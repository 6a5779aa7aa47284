import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { html } from "hono/html";
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { sameSecret } from "../../crypto/same-secret.js";
import { AppError } from "../../errors.js";
import { cookieOf, cookiesFor } from "../identity/cookies.js";
import { type Framed, says } from "../identity/frame.js";
import { isCrossSite } from "../identity/routes.js";
import { newSecret } from "../identity/secrets.js";
import { LIFETIMES } from "../identity/sessions.js";
import { addToEnvFile, envLines, type Values } from "./env-file.js";
import {
  type Addresses,
  addressesFor,
  convertManifest,
  type Created,
  manifestFor,
  newAppUrl,
  prefilledUrl,
  Wish,
} from "./app-manifest.js";

export interface SetupOptions {
  /** The one-time code in the logged URL. */
  readonly code: string;
  /** Null: files are not kept here (a container); the page shows the variables to set. */
  readonly envFile: string | null;
  readonly github: Addresses;
  /** Existing secrets are kept. */
  readonly existing: { readonly adminToken: string | undefined; readonly encryptionKeys: readonly string[] };
  readonly framed: Framed;
  /** The address of this page in the browser. */
  originOf(request: Request): string;
  /** Called when the App exists and the server can start with these values. `session`: the browser's new cookie. */
  onCreated(values: Values, session: string): void;
}

const LARGEST_FORM = 16 * 1024;
const COOKIE = "companyos-setup";
const HOUR_MS = 3_600_000;

/** The guided set-up creates the App at GitHub and a `.env` file. It needs no database. */
export function setupRoutes(options: SetupOptions): Hono {
  const { framed } = options;
  const cookies = cookiesFor(false);
  const session = newSecret();
  let codeUsed = false;
  /** The App that is being created at GitHub. */
  let pending: { readonly state: string; readonly wish: Wish } | null = null;
  const app = new Hono();
  app.use(bodyLimit({ maxSize: LARGEST_FORM }));
  app.onError((error, c) => {
    const what = error instanceof z.ZodError ? "The form is not complete" : "The set-up failed";
    const why =
      error instanceof z.ZodError
        ? z.prettifyError(error)
        : error instanceof AppError
          ? error.message
          : "Read the reason in the server's log.";
    return page(c, 400, what, says(what, why, { href: "/setup", text: "Back to the set-up" }));
  });

  const page = (c: Context, status: 200 | 400 | 403, title: string, body: ReturnType<typeof says>) =>
    framed(c, { status, title, body, viewer: null });
  const isKnown = (c: Context): boolean => sameSecret(cookieOf(c.req.header("cookie") ?? null, COOKIE) ?? "", session);
  const stranger = (c: Context) => {
    const what = "Open the address that the server's log shows";
    return page(c, 403, what, says(what, "It holds a code that works once. Start the server again for a new one."));
  };

  app.get("/", (c) => c.redirect("/setup", 302));

  app.get("/setup", (c) => {
    const code = c.req.query("code");
    if (code !== undefined && !codeUsed && sameSecret(code, options.code)) {
      codeUsed = true;
      c.header("set-cookie", cookies.set(COOKIE, session, HOUR_MS));
      return c.redirect("/setup", 302);
    }
    return isKnown(c) ? page(c, 200, "Set up companyos-github", form(options)) : stranger(c);
  });

  app.post("/setup", async (c) => {
    if (!isKnown(c) || isCrossSite(c.req.raw, options.originOf(c.req.raw))) return stranger(c);
    const wish = Wish.parse(Object.fromEntries(await c.req.formData()));
    if (wish.owner === "organization" && wish.organization === undefined)
      return page(
        c,
        400,
        "Name the organisation",
        says("Name the organisation", "Or choose your own account.", { href: "/setup", text: "Back" }),
      );
    pending = { state: newSecret(), wish };
    const github = addressesFor(wish, options.github);
    const action = newAppUrl(wish, github, pending.state);
    const manifest = JSON.stringify(manifestFor(wish, options.originOf(c.req.raw)));
    c.header("content-security-policy", policyFor(github.serverUrl));
    return page(
      c,
      200,
      "Create the App at GitHub",
      html`<h1>Create the App at GitHub</h1>
        <p>GitHub shows what the App may do, and asks you to create it. Then it sends you back here.</p>
        <form method="post" action="${action}">
          <input type="hidden" name="manifest" value="${manifest}" />
          <button class="primary">Continue at ${new URL(github.serverUrl).host}</button>
        </form>
        <details class="fold">
          <summary>GitHub refuses this way</summary>
          <p>
            <a href="${prefilledUrl(wish, github, options.originOf(c.req.raw))}">Open GitHub's own form, filled in</a>.
            There, generate a webhook secret, a client secret and a private key. Set APP_ID, PRIVATE_KEY,
            WEBHOOK_SECRET, GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET to its values, and start this server again.
          </p>
        </details>`,
    );
  });

  app.get("/setup/created", async (c) => {
    const state = c.req.query("state") ?? "";
    const begun = pending;
    if (!isKnown(c) || begun === null || !sameSecret(state, begun.state)) return stranger(c);
    pending = null;
    const created = await convertManifest(c.req.query("code") ?? "", addressesFor(begun.wish, options.github));
    const values = valuesFor(begun.wish, created, options.existing);
    const failed = options.envFile === null ? "this is a container" : await addToEnvFile(options.envFile, values);
    const its = cookiesFor(values["PUBLIC_URL"]?.startsWith("https:") ?? false);
    c.header("set-cookie", its.set(its.session, session, LIFETIMES.operator.absoluteMs), { append: true });
    c.header("refresh", "5; url=/setup");
    options.onCreated(values, session);
    const install = `${created.html_url}/installations/new`;
    return page(
      c,
      200,
      "The App is created",
      html`<h1>The App is created</h1>
        ${
          failed === null
            ? html`<p>
                Its secrets are in <code>${options.envFile}</code>, which only you may read. The server is starting.
              </p>`
            : html`<p>
                  The secrets could not be kept here (${failed}). Set them where this server gets its environment; they
                  are shown this once:
                </p>
                <pre>${envLines(values)}</pre>`
        }
        <p><a class="button primary" href="${install}">Install the App at GitHub</a></p>
        <p><a href="/setup">See the first delivery arrive</a></p>`,
    );
  });
  return app;
}

/** Only this page posts to GitHub. */
function policyFor(serverUrl: string): string {
  const { origin } = new URL(serverUrl);
  return `default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' ${origin}; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'`;
}

function valuesFor(wish: Wish, created: Created, existing: SetupOptions["existing"]): Values {
  return {
    APP_ID: String(created.id),
    PRIVATE_KEY: created.pem,
    WEBHOOK_SECRET: created.webhook_secret ?? randomBytes(32).toString("hex"),
    GITHUB_CLIENT_ID: created.client_id,
    GITHUB_CLIENT_SECRET: created.client_secret,
    ...(existing.encryptionKeys.length > 0 ? {} : { ENCRYPTION_KEYS: `k1:${randomBytes(32).toString("base64")}` }),
    ...(existing.adminToken === undefined ? { ADMIN_TOKEN: newSecret() } : {}),
    ...(wish.publicUrl === undefined ? {} : { PUBLIC_URL: new URL(wish.publicUrl).origin }),
    ...(wish.proxyUrl === undefined ? {} : { WEBHOOK_PROXY_URL: wish.proxyUrl }),
    ...(wish.enterprise === undefined ? {} : { GHE_HOST: wish.enterprise }),
  };
}

function form({ github }: SetupOptions) {
  return html`<h1>Set up companyos-github</h1>
    <p>
      This creates a GitHub App of your own, with the permissions in <code>app.yml</code>. You need to own the account
      that it belongs to.
    </p>
    <form method="post" action="/setup">
      <p>
        <label for="name">Name of the App</label
        ><input id="name" name="name" maxlength="34" required value="companyos" />
      </p>
      <fieldset>
        <legend>It belongs to</legend>
        <label><input type="radio" name="owner" value="organization" checked /> an organisation</label>
        <label for="organization">with the login</label>
        <input id="organization" name="organization" maxlength="39" />
        <label><input type="radio" name="owner" value="person" /> my own account</label>
      </fieldset>
      <p>
        <label for="publicUrl">Address at which GitHub reaches this server (optional)</label>
        <input id="publicUrl" name="publicUrl" type="url" placeholder="https://companyos.example.com" />
      </p>
      <p>
        <label for="proxyUrl">Without one: a channel of a webhook proxy, such as one of smee.io (optional)</label>
        <input id="proxyUrl" name="proxyUrl" type="url" placeholder="https://smee.io/…" />
      </p>
      <p>
        <label for="enterprise"
          >Host of your GitHub Enterprise Server (optional; default: ${new URL(github.serverUrl).host})</label
        >
        <input id="enterprise" name="enterprise" placeholder="github.example.com" />
      </p>
      <p><button class="primary">Continue</button></p>
    </form>
    <p>
      Without an address and a proxy the App's webhook stays off: nothing arrives until you set one in the App's
      settings.
    </p>`;
}
