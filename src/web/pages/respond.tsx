import { randomBytes } from "node:crypto";
import type { Context } from "hono";
import type { Child } from "hono/jsx";
import { z } from "zod";
import { GoneError, InvalidError, kindOf } from "../../errors.js";
import { codeOf } from "../../store/database-error.js";
import { CSRF_FIELD, isForged, scopeOf, type Viewer } from "../viewer.js";
import type { Assets } from "./assets.js";
import { documentOf } from "./layout.js";
import type { Answer, Page, PageContext, SiteOptions } from "./page.js";
import { Icon } from "./parts/basics.js";

/** The headers of every page. Scripts need a nonce; nothing is loaded from another host. */
function headersOf(nonce: string): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types htmx",
  ];
  return {
    "content-security-policy": policy.join("; "),
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  };
}

/** A form's fields, unparsed. */
export type Form = Readonly<Record<string, unknown>>;

export interface Responding {
  readonly site: SiteOptions;
  readonly assets: Assets;
}

/** A page inside the site's frame, for a viewer or for a visitor. */
export async function framed(
  { site, assets }: Responding,
  c: Context,
  page: {
    readonly status: number;
    readonly title: string;
    readonly body: Child;
    readonly viewer: Viewer | null;
    readonly nonce?: string;
  },
): Promise<Response> {
  const { status, title, body, viewer, nonce = randomBytes(16).toString("base64") } = page;
  const { version, dryRun } = site;
  const html = await documentOf({ title, assets, nonce, viewer, path: c.req.path, version, dryRun, children: body });
  const headers = { ...headersOf(nonce), "content-type": "text/html; charset=utf-8" };
  return new Response(String(html), { status, headers: { ...headers, ...Object.fromEntries(c.res.headers) } });
}

/** Answers with a page of the site; an error becomes a page with its remedy. */
export function pageHandler(
  responding: Responding,
  render: (context: PageContext, c: Context, form: Form) => Promise<Answer>,
): (c: Context) => Promise<Response> {
  return async (c) => {
    let viewer: Viewer | null = null;
    try {
      viewer = await responding.site.viewerOf(c.req.raw);
      if (viewer === null) return await stranger(responding, c);
      const context = contextOf(responding, c, viewer);
      const form = c.req.method === "POST" ? await ownForm(c, viewer) : {};
      return await answer(responding, c, context, await render(context, c, form));
    } catch (error) {
      return failed(responding, c, viewer, error);
    }
  };
}

function contextOf({ site, assets }: Responding, c: Context, viewer: Viewer): PageContext {
  const scope = scopeOf(viewer);
  return {
    site,
    assets,
    viewer,
    scope,
    url: new URL(c.req.url),
    now: site.clock.now(),
    nonce: randomBytes(16).toString("base64"),
    read: (work) => site.store.readAs(scope, work),
  };
}

async function answer(
  responding: Responding,
  c: Context,
  { viewer, nonce }: PageContext,
  given: Answer,
): Promise<Response> {
  if ("location" in given) return c.redirect(given.location, 303);
  if ("csv" in given)
    return c.body(given.csv, 200, {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${given.filename}"`,
      "cache-control": "no-store",
    });
  const { status = 200, title, body }: Page = given;
  return framed(responding, c, { status, title, body, viewer, nonce });
}

class ForgedError extends Error {}

/** The fields of a form that this site sent to this viewer. */
async function ownForm(c: Context, viewer: Viewer): Promise<Form> {
  const site = c.req.header("sec-fetch-site");
  const form = await c.req.parseBody();
  const field = form[CSRF_FIELD];
  if ((site !== undefined && site !== "same-origin") || isForged(viewer, typeof field === "string" ? field : null))
    throw new ForgedError();
  return form;
}

function stranger(responding: Responding, c: Context): Promise<Response> | Response {
  const { signInPath } = responding.site;
  const back = encodeURIComponent(`${c.req.path}${new URL(c.req.url).search}`);
  if (signInPath !== null) return c.redirect(`${signInPath}?return_to=${back}`, 302);
  const title = "Sign in to see this page";
  const body = (
    <Notice title={title}>
      Set GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET, or ADMIN_TOKEN, and start the server again.
    </Notice>
  );
  return framed(responding, c, { status: 401, title, body, viewer: null });
}

/** A message with the next step, in the middle of the page. */
export function Notice({ title, children }: { title: string; children?: Child }) {
  return (
    <div class="narrow empty">
      <Icon name="info" />
      <h1>{title}</h1>
      <p>{children}</p>
      <p>
        <a class="btn" href="/">
          Go to the overview
        </a>
      </p>
    </div>
  );
}

export function notFound(responding: Responding): (c: Context) => Promise<Response> {
  return pageHandler(responding, () => Promise.reject(new GoneError("No page exists at this address.")));
}

/** PostgreSQL is unavailable or closes connections: SQLSTATE classes 08 and 57, or a socket error. */
function isDatabaseAway(error: unknown): boolean {
  return /^(08|57P|ECONN|EPIPE|ETIMEDOUT|P1001|P1017)/.test(codeOf(error) ?? "") || kindOf(error) === "network";
}

function failed(responding: Responding, c: Context, viewer: Viewer | null, error: unknown): Promise<Response> {
  const { log, errors } = responding.site;
  const say = (status: number, title: string, body: Child): Promise<Response> =>
    framed(responding, c, { status, title, body: <Notice title={title}>{body}</Notice>, viewer });
  if (error instanceof ForgedError)
    return say(403, "This form is no longer valid", "Nothing was changed. Load the page again and repeat it there.");
  if (error instanceof GoneError) return say(404, "Not found", error.message);
  if (error instanceof InvalidError) return say(400, "This request is not valid", error.message);
  if (error instanceof z.ZodError) return say(400, "This request is not valid", z.prettifyError(error));
  const reference = errors.capture(error, { where: c.req.path });
  if (isDatabaseAway(error)) {
    log.warn({ err: error, reference }, "page failed: PostgreSQL does not respond");
    return say(
      503,
      "PostgreSQL does not answer",
      "Deliveries that arrive now are refused, and GitHub lists them for redelivery. Reload this page when the database is back.",
    );
  }
  log.error({ err: error, reference, where: c.req.path }, "page failed unexpectedly");
  return say(500, "This page failed", `The log says why, under the reference ${reference}.`);
}
