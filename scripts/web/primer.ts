import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { z } from "zod";
import { parseJson } from "../../src/unchecked.js";

// What the pages take of Primer, and no more: the colours that the style sheet names, and the icons listed below.

const require = createRequire(import.meta.url);

/** The octicons of the pages, at 16 pixels. */
const ICONS = [
  "alert",
  "arrow-right",
  "beaker",
  "bell",
  "check-circle-fill",
  "check",
  "chevron-down",
  "chevron-right",
  "clock",
  "comment",
  "copy",
  "cpu",
  "dash",
  "download",
  "eye",
  "file-code",
  "gear",
  "git-commit",
  "git-merge",
  "git-pull-request",
  "git-pull-request-closed",
  "git-pull-request-draft",
  "graph",
  "hubot",
  "inbox",
  "info",
  "issue-closed",
  "issue-opened",
  "law",
  "link-external",
  "log",
  "mark-github",
  "mute",
  "package",
  "pause",
  "pencil",
  "person",
  "play",
  "pulse",
  "repo",
  "rocket",
  "search",
  "server",
  "shield",
  "sign-out",
  "skip",
  "stop",
  "sync",
  "tag",
  "tools",
  "workflow",
  "x-circle-fill",
  "x",
] as const;

const Octicons = z.record(z.string(), z.object({ heights: z.record(z.string(), z.object({ path: z.string() })) }));

/** `src/web/pages/parts/icon-paths.ts`: the icons' drawings as markup. */
export function iconPaths(): string {
  const all = Octicons.parse(
    parseJson(readFileSync(require.resolve("@primer/octicons").replace(/index\.js$/, "build/data.json"), "utf8")),
  );
  const lines = ICONS.map((name) => {
    const path = all[name]?.heights["16"]?.path.replaceAll(/<path\s+(fill-rule="evenodd"\s+)?d=/g, "<path d=");
    if (path === undefined) throw new Error(`@primer/octicons has no icon '${name}' of 16 pixels`);
    return `  ${/^[a-z]+$/.test(name) ? name : `"${name}"`}: ${quoted(path)},`;
  });
  return `// Generated from @primer/octicons (MIT, GitHub Inc.) by 'npm run generate'.
export const ICON_PATHS = {
${lines.join("\n")}
} as const;
export type IconName = keyof typeof ICON_PATHS;
`;
}

function quoted(text: string): string {
  return `'${text}'`;
}

/** `src/web/assets/tokens.css`: the colours of Primer that the style sheet uses, light and dark in one. */
export function colourTokens(): string {
  const style = readFileSync("src/web/assets/app.css", "utf8");
  const names = new Set([...style.matchAll(/var\(--((?:fg|bg|border)Color-[\w-]+)\)/g)].map(([, name]) => name ?? ""));
  const [light, dark] = [coloursOf("light"), coloursOf("dark")];
  const lines = [...names].sort().map((name) => {
    const [day, night] = [light.get(name), dark.get(name)];
    if (day === undefined || night === undefined) throw new Error(`@primer/primitives has no colour '${name}'`);
    return `  --${name}: light-dark(${day}, ${night});`;
  });
  return `/* Generated from @primer/primitives (MIT, GitHub Inc.) by 'npm run generate'. */
:root {
${lines.join("\n")}
}
`;
}

/** A theme's custom properties, references followed. */
function coloursOf(theme: "light" | "dark"): ReadonlyMap<string, string> {
  const text = readFileSync(`node_modules/@primer/primitives/dist/css/functional/themes/${theme}.css`, "utf8");
  const raw = new Map(
    [...text.matchAll(/^ {2}--([\w-]+): ([^;]+);/gm)].map(([, name = "", value = ""]) => [name, value]),
  );
  const resolve = (value: string, depth = 0): string =>
    depth > 9
      ? value
      : value.replaceAll(/var\(--([\w-]+)\)/g, (whole, name: string) => resolve(raw.get(name) ?? whole, depth + 1));
  return new Map([...raw].map(([name, value]) => [name, resolve(value)]));
}
