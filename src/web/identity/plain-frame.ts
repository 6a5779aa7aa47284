import { html } from "hono/html";
import type { Assets } from "../pages/assets.js";
import type { Framed } from "./frame.js";

const HEADERS = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  "cache-control": "no-store",
  // With no-referrer the browser would send "Origin: null" with the forms of these pages.
  "referrer-policy": "same-origin",
};

/** A page without scripts, for a server that has no other pages. It serves the two files. */
export function plainFrame({ style, icon }: Pick<Assets, "style" | "icon">): Framed {
  return async (c, { status, title, body }) => {
    const page = await html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>${title} · companyos-github</title>
          <link rel="icon" href="${icon.path}" />
          <link rel="stylesheet" href="${style.path}" />
        </head>
        <body>
          <div class="top">
            <div class="bar">
              <span class="brand"><img src="${icon.path}" alt="" width="24" height="24" />companyos-github</span>
            </div>
          </div>
          <main><div class="plain">${await body}</div></main>
        </body>
      </html>`;
    return c.html(page, status, { ...HEADERS, ...Object.fromEntries(c.res.headers) });
  };
}
