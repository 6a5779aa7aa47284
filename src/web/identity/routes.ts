import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { html } from "hono/html";
import { sameSecret } from "../../crypto/same-secret.js";
import type { Log } from "../../log.js";
import { recordAct } from "../../store/people/audit.js";
import { endSessionsOf } from "../../store/people/sessions.js";
import type { ErrorTracker } from "../../telemetry/error-tracker.js";
import { actorOf, CSRF_FIELD, CSRF_HEADER, isForged, type Viewer, type ViewerOf } from "../viewer.js";
import { beginSignIn, CALLBACK_PATH, CONNECT_PATH, type ConnectOptions, endSignIn } from "./connect.js";
import { cookieOf } from "./cookies.js";
import { type Framed, says } from "./frame.js";
import { createRateLimit } from "./rate-limit.js";
import { safeReturnTo } from "./return-to.js";
import { LIFETIMES } from "./sessions.js";
import { wordsFor } from "./words.js";

export interface IdentityOptions extends Omit<ConnectOptions, "provider" | "people"> {
  /** Null: connecting accounts is not set up; `connectOff` gives the reason. */
  readonly connect: Pick<ConnectOptions, "provider" | "people"> | null;
  readonly connectOff: string;
  readonly adminToken: string | undefined;
  readonly viewerOf: ViewerOf;
  readonly framed: Framed;
  readonly log: Log;
  readonly errors: ErrorTracker;
  /** The client's address, for the rate limit. */
  addressOf(context: Context): string;
}

export const SIGN_IN_PATH = "/sign-in";
export const SIGN_OUT_PATH = "/sign-out";
export const SIGN_OUT_EVERYWHERE_PATH = "/sign-out/everywhere";
export const DISCONNECT_PATH = "/api/integrations/github/disconnect";

/** Every path of `identityRoutes`. */
export const IDENTITY_PATHS: ReadonlySet<string> = new Set([
  SIGN_IN_PATH,
  SIGN_OUT_PATH,
  SIGN_OUT_EVERYWHERE_PATH,
  CONNECT_PATH,
  CALLBACK_PATH,
  DISCONNECT_PATH,
]);
const LARGEST_FORM = 8 * 1024;

/** Signing in and out. */
export function identityRoutes(options: IdentityOptions): Hono {
  const { store, clock, cookies, sessions, framed, connect, adminToken } = options;
  const app = new Hono();
  // Thirty at once, then one every two seconds: many people may share one address.
  const mayBegin = createRateLimit(clock, 30, 2_000);
  // For a wrong ADMIN_TOKEN: five at once, then one every 30 seconds.
  const mayTry = createRateLimit(clock, 5, 30_000);

  app.use(bodyLimit({ maxSize: LARGEST_FORM }));
  app.onError((error, c) => {
    const words = wordsFor(error);
    const status = words?.status ?? 500;
    if (words) options.log.info({ err: error }, "sign-in refused");
    else
      options.log.error(
        { err: error, reference: options.errors.capture(error, { where: c.req.path }) },
        "sign-in failed",
      );
    const what = words?.what ?? "The sign-in failed unexpectedly";
    const todo = words?.todo ?? "The log says why. Try again, or ask the operator.";
    return framed(c, {
      status,
      title: what,
      viewer: null,
      body: says(what, todo, { href: SIGN_IN_PATH, text: "Sign in" }),
    });
  });

  app.get(SIGN_IN_PATH, async (c) => {
    const returnTo = safeReturnTo(c.req.query("return_to"));
    if ((await options.viewerOf(c.req.raw)) !== null) return c.redirect(returnTo, 302);
    return framed(c, { status: 200, title: "Sign in", viewer: null, body: signInForm(options, returnTo) });
  });

  app.post(SIGN_IN_PATH, async (c) => {
    if (isCrossSite(c.req.raw, options.originOf(c.req.raw))) return refused(options, c);
    if (!mayTry(options.addressOf(c))) return tooMany(options, c, 30);
    const form = await c.req.formData();
    const given = form.get("token");
    if (adminToken === undefined || typeof given !== "string" || !sameSecret(given, adminToken)) {
      const what = "This is not the ADMIN_TOKEN of this server";
      const todo = "Copy it from the server's environment.";
      return framed(c, {
        status: 403,
        title: what,
        viewer: null,
        body: says(what, todo, { href: SIGN_IN_PATH, text: "Try again" }),
      });
    }
    const former = cookieOf(c.req.header("cookie") ?? null, cookies.session);
    const secret = await sessions.begin({ adminToken }, c.req.header("user-agent") ?? null, former);
    await act(options, { kind: "admin-token", login: "operator", userId: null }, "session.begin");
    c.header("set-cookie", cookies.set(cookies.session, secret, LIFETIMES.operator.absoluteMs), { append: true });
    const returnTo = form.get("return_to");
    return c.redirect(safeReturnTo(typeof returnTo === "string" ? returnTo : null), 303);
  });

  app.get(CONNECT_PATH, (c) => {
    if (connect === null) return connectIsOff(options, c);
    if (!mayBegin(options.addressOf(c))) return tooMany(options, c, 10);
    return beginSignIn({ ...options, ...connect }, c);
  });

  app.get(CALLBACK_PATH, (c) => {
    if (connect === null) return connectIsOff(options, c);
    return endSignIn({ ...options, ...connect }, c);
  });

  const ended = (c: Context, to: string): Response => {
    c.header("set-cookie", cookies.clear(cookies.session), { append: true });
    c.header("clear-site-data", '"cache", "storage"');
    return c.redirect(to, 303);
  };

  app.post(SIGN_OUT_PATH, async (c) => {
    const viewer = await signedIn(options, c);
    if (viewer === null) return refused(options, c);
    const secret = cookieOf(c.req.header("cookie") ?? null, cookies.session);
    if (secret !== null) await sessions.end(secret);
    await act(options, viewer, "session.end");
    return ended(c, SIGN_IN_PATH);
  });

  app.post(SIGN_OUT_EVERYWHERE_PATH, async (c) => {
    const viewer = await signedIn(options, c);
    if (viewer?.userId == null) return refused(options, c);
    await endSessionsOf(store, viewer.userId);
    await act(options, viewer, "session.end-all");
    return ended(c, SIGN_IN_PATH);
  });

  app.post(DISCONNECT_PATH, async (c) => {
    const viewer = await signedIn(options, c);
    if (viewer?.userId == null || connect === null) return refused(options, c);
    await connect.people.disconnect(viewer.userId);
    await act(options, viewer, "account.disconnect");
    return ended(c, SIGN_IN_PATH);
  });
  return app;
}

/** The viewer of a write: signed in by cookie, from a page of this server, with the session's CSRF token. */
async function signedIn(options: IdentityOptions, c: Context): Promise<Viewer | null> {
  const { raw } = c.req;
  if (isCrossSite(raw, options.originOf(raw))) return null;
  // Signing out must work while GitHub is unavailable, so access is not read again.
  const viewer = await options.viewerOf(new Request(raw.url, { headers: raw.headers }));
  if (viewer === null) return null;
  const field = c.req.header(CSRF_HEADER) ?? (await c.req.formData()).get(CSRF_FIELD);
  return isForged(viewer, typeof field === "string" ? field : null) ? null : viewer;
}

/** Whether the browser reports that another site made the request. */
export function isCrossSite(request: Request, origin: string): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin") return true;
  const from = request.headers.get("origin");
  return from !== null && from !== origin;
}

function signInForm({ connect, connectOff, adminToken }: IdentityOptions, returnTo: string) {
  const link = `${CONNECT_PATH}?return_to=${encodeURIComponent(returnTo)}`;
  return html`<h1>Sign in</h1>
    ${
      connect === null
        ? html`<p>Connecting GitHub accounts is off: ${connectOff}</p>`
        : html`<p>You see exactly what GitHub lets you see.</p>
            <p><a class="button primary" href="${link}">Connect GitHub</a></p>`
    }
    ${
      adminToken === undefined
        ? ""
        : html`<details ${connect === null ? "open" : ""}>
            <summary>Sign in as the operator</summary>
            <form method="post" action="${SIGN_IN_PATH}">
              <input type="hidden" name="return_to" value="${returnTo}" />
              <label for="token">ADMIN_TOKEN of this server</label>
              <input id="token" name="token" type="password" autocomplete="current-password" required />
              <button>Sign in</button>
            </form>
          </details>`
    }
    ${
      connect === null && adminToken === undefined
        ? html`<p>Set GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET, or ADMIN_TOKEN, and start the server again.</p>`
        : ""
    }`;
}

function connectIsOff(options: IdentityOptions, c: Context): Response | Promise<Response> {
  const what = "Connecting GitHub accounts is off";
  const body = says(what, options.connectOff, { href: SIGN_IN_PATH, text: "Sign in as the operator" });
  return options.framed(c, { status: 503, title: what, viewer: null, body });
}

function tooMany(options: IdentityOptions, c: Context, seconds: number): Response | Promise<Response> {
  c.header("retry-after", String(seconds));
  const what = "Too many sign-ins from this address";
  const body = says(what, `Try again in ${seconds} seconds.`);
  return options.framed(c, { status: 429, title: what, viewer: null, body });
}

function refused(options: IdentityOptions, c: Context): Response | Promise<Response> {
  const what = "This form is no longer valid";
  const body = says(what, "Nothing was changed. Load the page again and repeat it there.", {
    href: "/",
    text: "Start",
  });
  return options.framed(c, { status: 403, title: what, viewer: null, body });
}

async function act(
  { store, clock }: Pick<IdentityOptions, "store" | "clock">,
  viewer: Pick<Viewer, "kind" | "login" | "userId">,
  action: string,
): Promise<void> {
  const act = { installationId: null, ...actorOf(viewer), action, target: viewer.login };
  await recordAct(store.sql, act, clock.now());
}
