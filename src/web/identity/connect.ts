import type { Context } from "hono";
import type { Clock } from "../../domain.js";
import { recordAct } from "../../store/people/audit.js";
import { saveOAuthState, takeOAuthState } from "../../store/people/oauth-states.js";
import { pruneSignIns } from "../../store/people/sessions.js";
import type { Store } from "../../store/store.js";
import { cookieOf, type Cookies } from "./cookies.js";
import type { People } from "./people.js";
import { type Provider, SignInRefused } from "./provider.js";
import { safeReturnTo } from "./return-to.js";
import { hashOf, newSecret, verifierOf } from "./secrets.js";
import { LIFETIMES, type Sessions } from "./sessions.js";

export interface ConnectOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly cookies: Cookies;
  readonly sessions: Sessions;
  readonly provider: Provider;
  readonly people: People;
  /** The address of this server in the browser. */
  originOf(request: Request): string;
}

export const CONNECT_PATH = "/api/integrations/github/connect";
export const CALLBACK_PATH = "/api/integrations/github/callback";

/** How long a person may take at GitHub (ms). */
const STATE_MS = 10 * 60_000;

/** Sends the browser to GitHub with a one-time state that is bound to it. */
export async function beginSignIn(options: ConnectOptions, c: Context): Promise<Response> {
  const { store, clock, cookies, provider } = options;
  const now = clock.now();
  await pruneSignIns(store, now, new Date(now.getTime() - LIFETIMES.person.idleMs));
  // Two tabs that sign in at once share the browser's secret.
  const browser = cookieOf(c.req.header("cookie") ?? null, cookies.signIn) ?? newSecret();
  const state = newSecret();
  await saveOAuthState(store.sql, {
    stateHash: hashOf(state),
    browserHash: hashOf(browser),
    returnTo: safeReturnTo(c.req.query("return_to")),
    createdAt: now,
    expiresAt: new Date(now.getTime() + STATE_MS),
  });
  const url = await provider.authorizeUrl({
    state,
    verifier: verifierOf(browser, state),
    redirectUri: `${options.originOf(c.req.raw)}${CALLBACK_PATH}`,
  });
  c.header("set-cookie", cookies.set(cookies.signIn, browser, STATE_MS), { append: true });
  return c.redirect(url.toString(), 302);
}

/**
 * Handles GitHub's callback: a new session, and the page the person wanted.
 * @throws SignInRefused when state, browser or code do not match; NetworkError while GitHub is unavailable.
 */
export async function endSignIn(options: ConnectOptions, c: Context): Promise<Response> {
  const { store, clock, cookies, provider, people, sessions } = options;
  const header = c.req.header("cookie") ?? null;
  const url = new URL(c.req.url);
  const state = url.searchParams.get("state") ?? "";
  const browser = cookieOf(header, cookies.signIn);
  if (!/^[\w-]{43}$/.test(state)) throw new SignInRefused("state_missing");
  if (browser === null) throw new SignInRefused("browser_unknown");
  const begun = await takeOAuthState(store.sql, hashOf(state), clock.now());
  if (begun === null) throw new SignInRefused("state_unknown");
  if (!begun.live) throw new SignInRefused("state_expired");
  if (!begun.browserHash.equals(hashOf(browser))) throw new SignInRefused("browser_foreign");
  const redirectUri = `${options.originOf(c.req.raw)}${CALLBACK_PATH}`;
  const tokens = await provider.exchange({ url, state, verifier: verifierOf(browser, state), redirectUri });
  const person = await people.connect(tokens);
  const former = cookieOf(header, cookies.session);
  const secret = await sessions.begin(person.userId, c.req.header("user-agent") ?? null, former);
  await recordAct(
    store.sql,
    {
      installationId: null,
      userId: person.userId,
      login: person.login,
      via: "session",
      action: "session.begin",
      target: person.login,
    },
    clock.now(),
  );
  c.header("set-cookie", cookies.set(cookies.session, secret, LIFETIMES.person.absoluteMs), { append: true });
  c.header("set-cookie", cookies.clear(cookies.signIn), { append: true });
  return c.redirect(begun.returnTo, 302);
}
