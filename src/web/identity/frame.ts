import type { Context } from "hono";
import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import type { Viewer } from "../viewer.js";

type Body = HtmlEscapedString | Promise<HtmlEscapedString>;

/** A short page in the layout of all pages. */
export interface Notice {
  readonly status: 200 | 400 | 403 | 404 | 429 | 500 | 502 | 503;
  readonly title: string;
  readonly body: Body;
  readonly viewer: Viewer | null;
}

/** Puts a notice into the site's layout. Passed as an argument. */
export type Framed = (context: Context, notice: Notice) => Response | Promise<Response>;

/** A message with the next step and one link. */
export function says(what: string, todo: string, link?: { readonly href: string; readonly text: string }): Body {
  return html`<h1>${what}</h1>
    <p>${todo}</p>
    ${link ? html`<p><a class="button" href="${link.href}">${link.text}</a></p>` : ""}`;
}
