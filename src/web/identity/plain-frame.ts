import { html } from "hono/html";
import type { Framed } from "./frame.js";

const HEADERS = {
  "content-security-policy":
    "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
};

/** A page without style or script, for a server that has no other pages. */
export const plainFrame: Framed = async (c, { status, title, body }) => {
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · companyos-github</title>
      </head>
      <body>
        <main>${await body}</main>
      </body>
    </html>`;
  return c.html(page, status, { ...HEADERS, ...Object.fromEntries(c.res.headers) });
};
