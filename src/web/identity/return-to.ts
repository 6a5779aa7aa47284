/**
 * Where a person goes after signing in: a path of ours, or `/`. Anything that a browser could take for another site
 * (`//evil`, `\evil`, a scheme, control characters that browsers drop) is not followed.
 */
export function safeReturnTo(given: string | null | undefined): string {
  if (!given || given.length > 2_000 || !/^\/(?![/\\])[!-[\]-~\u00a1-\uffff]*$/.test(given)) return "/";
  const base = "http://here.invalid";
  if (!URL.canParse(given, base)) return "/";
  const url = new URL(given, base);
  // `/..//evil` and the like become `//evil` when a browser resolves them.
  if (url.origin !== base || url.pathname.startsWith("//")) return "/";
  return `${url.pathname}${url.search}${url.hash}`;
}
