/** The languages with a parser, under the parser's own names. */
export const LANGUAGES = ["TypeScript", "Tsx", "JavaScript", "python", "go"] as const;
export type Language = (typeof LANGUAGES)[number];

/** TypeScript and JavaScript in both notations, for most web rules. */
export const SCRIPT: readonly Language[] = ["TypeScript", "Tsx", "JavaScript"];

const EXTENSIONS: Readonly<Record<string, Language>> = {
  ts: "TypeScript",
  mts: "TypeScript",
  cts: "TypeScript",
  tsx: "Tsx",
  js: "JavaScript",
  mjs: "JavaScript",
  cjs: "JavaScript",
  jsx: "JavaScript",
  py: "python",
  pyi: "python",
  go: "go",
};

/** The language of a file by its extension; null: no parser. */
export function languageOf(path: string): Language | null {
  const extension = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase();
  return extension === undefined ? null : (EXTENSIONS[extension] ?? null);
}
