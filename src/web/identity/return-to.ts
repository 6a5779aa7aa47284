/**
 * The page after signing in: a path of this server, or `/`. Values that a browser could read as another site (`//evil`,
 * `\evil`, a scheme, control characters that browsers drop) are refused.
 */
export function safeReturnTo(given: string | null | undefined): string {
  if (!given || given.length > 2_000 || !/^\/(?![/\\])[!-[\]-~\u00a1-\uffff]*$/.test(given)) return "/";
  const base = "http://here.invalid";
  if (!URL.canParse(given, base)) return "/";
  const url = new URL(given, base);
  // A browser resolves `/..//evil` and similar paths to `//evil`.
  if (url.origin !== base || url.pathname.startsWith("//")) return "/";
  return `${url.pathname}${url.search}${url.hash}`;
}
