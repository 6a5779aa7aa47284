import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import type { Hono } from "hono";

/** A static file whose name changes with its content, so that it can be cached forever. */
export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly plain: Buffer;
  readonly gzipped: Buffer;
}

const here = new URL("../assets/", import.meta.url);
const require = createRequire(import.meta.url);

function own(name: string): string {
  return readFileSync(new URL(name, here), "utf8");
}

function vendored(name: string): string {
  return readFileSync(require.resolve(`htmx.org/dist/${name}`), "utf8").replace(
    /\n\/\/# sourceMappingURL=\S+\s*$/,
    "\n",
  );
}

function asset(name: string, type: string, text: string): Asset {
  const plain = Buffer.from(text);
  const hash = createHash("sha256").update(plain).digest("hex").slice(0, 12);
  const [stem, ending] = name.split(".");
  return { path: `/assets/${stem}-${hash}.${ending}`, type, plain, gzipped: gzipSync(plain, { level: 9 }) };
}

const SCRIPT = "text/javascript; charset=utf-8";

/** All files that a page loads; none comes from another host. */
export interface Assets {
  readonly style: Asset;
  readonly scripts: readonly Asset[];
  readonly icon: Asset;
}

export function readAssets(): Assets {
  return {
    style: asset("app.css", "text/css; charset=utf-8", lean(own("tokens.css") + own("app.css"))),
    scripts: [
      asset("htmx.js", SCRIPT, vendored("htmx.min.js") + vendored("ext/hx-csp.min.js")),
      asset("app.js", SCRIPT, own("app.js")),
    ],
    icon: asset("icon.svg", "image/svg+xml", own("icon.svg")),
  };
}

/** Without comments and insignificant whitespace. */
function lean(css: string): string {
  return css
    .replaceAll(/\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\//g, "")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ ?([{};,>]) ?/g, "$1");
}

const FOREVER = "public, max-age=31536000, immutable";

/** Adds a route for each file. */
export function serveAssets(app: Hono, assets: readonly Asset[]): void {
  for (const { path, type, plain, gzipped } of assets)
    app.get(path, (c) => {
      const headers = { "content-type": type, "cache-control": FOREVER, vary: "accept-encoding" };
      if (!c.req.header("accept-encoding")?.includes("gzip")) return c.body(new Uint8Array(plain), 200, headers);
      return c.body(new Uint8Array(gzipped), 200, { ...headers, "content-encoding": "gzip" });
    });
}
