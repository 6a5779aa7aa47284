import { Hono } from "hono";
import { html } from "hono/html";
import { z } from "zod";
import type { Store } from "../../store/store.js";
import { SIGN_IN_PATH } from "../identity/routes.js";
import type { Framed } from "../identity/frame.js";
import { scopeOf, type ViewerOf } from "../viewer.js";

export interface ProgressOptions {
  readonly store: Store;
  readonly viewerOf: ViewerOf;
  readonly framed: Framed;
  /** The address to which deliveries are sent: the public address or the proxy; null: none yet. */
  readonly reachedAt: string | null;
}

export const SETUP_PATH = "/setup";

const State = z.object({
  installations: z.array(z.string()),
  deliveries: z.coerce.number(),
  first: z.string().nullable(),
});

/**
 * The completed steps of the set-up: the App runs, its webhook arrives, it is installed, a delivery was processed. For
 * operators.
 */
export function progressRoutes({ store, viewerOf, framed, reachedAt }: ProgressOptions): Hono {
  const app = new Hono();
  app.get(SETUP_PATH, async (c) => {
    const viewer = await viewerOf(c.req.raw);
    if (!viewer?.operator) return c.redirect(`${SIGN_IN_PATH}?return_to=${SETUP_PATH}`, 302);
    const state = await store.readAs(scopeOf(viewer), async ({ sql }) => {
      const [row] = await sql.query(
        `SELECT ARRAY(SELECT account_login FROM installations WHERE deleted_at IS NULL ORDER BY id LIMIT 20) AS installations,
           (SELECT count(*) FROM (SELECT 1 FROM deliveries LIMIT 1) d) AS deliveries,
           (SELECT guid FROM deliveries WHERE status = 'processed' AND installation_id IS NOT NULL ORDER BY id LIMIT 1) AS first`,
      );
      return State.parse(row);
    });
    const done = state.first !== null;
    if (!done) c.header("refresh", "3");
    const step = (ok: boolean, text: unknown) => html`<li>${ok ? "Done:" : "Waiting:"} ${text}</li>`;
    return framed(c, {
      status: 200,
      title: "Set-up",
      viewer,
      body: html`<h1>${done ? "The set-up is complete" : "Set-up"}</h1>
        <ol>
          ${step(true, "the App exists, and this server has its credentials")}
          ${step(
            state.deliveries > 0,
            state.deliveries > 0
              ? "deliveries of its webhook arrive"
              : reachedAt === null
                ? "its webhook is disabled. Set PUBLIC_URL or WEBHOOK_PROXY_URL, and the same address in the App's settings at GitHub"
                : `the first delivery of its webhook, at ${reachedAt}`,
          )}
          ${step(
            state.installations.length > 0,
            state.installations.length > 0
              ? `installed on ${state.installations.join(", ")}`
              : "its installation on an account, at GitHub",
          )}
          ${step(done, done ? html`<a href="/story/${state.first}">the first delivery was processed</a>` : "the first processed delivery")}
        </ol>
        <p><a class="button" href="/">Go to the dashboard</a></p>`,
    });
  });
  return app;
}
