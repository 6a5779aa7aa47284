import { html } from "hono/html";
import type { Child } from "hono/jsx";
import type { Viewer } from "../viewer.js";
import type { Assets } from "./assets.js";
import { MENU, type PageContext } from "./page.js";
import { Icon } from "./parts/basics.js";

export interface Frame {
  readonly title: string;
  readonly assets: Assets;
  readonly nonce: string;
  readonly viewer: Viewer | null;
  readonly path: string;
  readonly version: string;
  readonly dryRun: boolean;
  readonly children: Child;
}

/** The whole document around a page. */
export function documentOf({ title, assets, nonce, viewer, path, version, dryRun, children }: Frame) {
  return html`<!doctype html>${(
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="htmx-config" content='extensions:"hx-csp",includeIndicatorCSS:false,history:false' />
          <title>{`${title} · companyos-github`}</title>
          <link rel="icon" href={assets.icon.path} />
          <link rel="stylesheet" href={assets.style.path} />
          {assets.scripts.map((script) => (
            <script defer nonce={nonce} src={script.path}></script>
          ))}
        </head>
        <body>
          <a class="sr skip" href="#main">
            Skip to content
          </a>
          <div class="top">
            <div class="bar">
              <a class="brand" href="/">
                <img src={assets.icon.path} alt="" width="24" height="24" />
                companyos-github
              </a>
              {viewer === null || path === "/" ? null : <Finder />}
              {viewer === null ? null : <Who viewer={viewer} />}
            </div>
            {viewer === null ? null : <Tabs path={path} />}
          </div>
          <main id="main" tabindex={-1}>
            {children}
          </main>
          <footer>
            <span>companyos-github {version}</span>
            {dryRun ? <span>Dry run: nothing is written to GitHub</span> : null}
            {viewer === null ? null : (
              <>
                <span class="live" data-live="" role="status">
                  Not live
                </span>
                <a href="#keys" data-keys="">
                  Keyboard shortcuts
                </a>
                <Keys />
              </>
            )}
          </footer>
        </body>
      </html>
    )}`;
}

function Finder() {
  return (
    <form class="find" action="/find" method="get" role="search">
      <Icon name="search" />
      <label class="sr" for="find">
        Find a pull request, issue, commit or delivery
      </label>
      <input id="find" name="q" type="search" placeholder="Paste a pull request, issue, commit or delivery" required />
      <kbd aria-hidden="true">/</kbd>
    </form>
  );
}

function Who({ viewer }: { viewer: Viewer }) {
  return (
    <div class="who">
      <a href="/account" title="Your account and sessions">
        <Icon name="person" /> {viewer.login}
      </a>
    </div>
  );
}

function Tabs({ path }: { path: string }) {
  return (
    <nav class="tabs" aria-label="Pages">
      {MENU.map((item) => {
        const here = item.path === "/" ? path === "/" : path.startsWith(item.path);
        return (
          <a href={item.path} data-key={item.key} {...(here ? { "aria-current": "page" as const } : {})}>
            <Icon name={item.icon} /> {item.label}
          </a>
        );
      })}
    </nav>
  );
}

function Keys() {
  return (
    <dialog id="keys" aria-labelledby="keys-title">
      <form method="dialog">
        <h2 id="keys-title">Keyboard shortcuts</h2>
        <dl class="facts">
          <dt>
            <kbd>/</kbd>
          </dt>
          <dd>Find a story</dd>
          <dt>
            <kbd>?</kbd>
          </dt>
          <dd>Show these keys</dd>
          {MENU.map((item) => (
            <>
              <dt>
                <kbd>g</kbd> <kbd>{item.key}</kbd>
              </dt>
              <dd>{item.label}</dd>
            </>
          ))}
        </dl>
        <p>
          <button>Close</button>
        </p>
      </form>
    </dialog>
  );
}

/** Attributes of a part that is reloaded when one of the topics changes. It needs an id. */
export function live(context: PageContext, id: string, topics: readonly string[]) {
  return {
    id,
    "hx-get": `${context.url.pathname}${context.url.search}`,
    "hx-trigger": topics.map((topic) => `live:${topic} from:body throttle:1500ms`).join(", "),
    "hx-select": `#${id}`,
    "hx-swap": "outerMorph",
    "hx-nonce": context.nonce,
  };
}
