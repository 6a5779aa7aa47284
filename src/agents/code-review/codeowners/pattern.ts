/**
 * The regular expression of a CODEOWNERS pattern: gitignore's rules without `!` and `[…]`, which GitHub does not take, and
 * with `folder/*` meaning the files directly in it. Null when GitHub would not take the pattern.
 */
export function patternOf(pattern: string): RegExp | null {
  if (pattern.startsWith("!") || /(?<!\\)\[/.test(pattern) || pattern.length > 500) return null;
  if (pattern === "*" || pattern === "/" || pattern === "**") return /^/;
  const anchored = /\/./.test(pattern);
  const folder = pattern.endsWith("/");
  const body = pattern.replace(/^\//, "").replace(/\/$/, "");
  const start = anchored ? "^" : "^(?:.*/)?";
  const direct = body.endsWith("/*");
  const end = folder ? "/" : direct ? "$" : "(?:/|$)";
  return new RegExp(`${start}${translate(body)}${end}`, "s");
}

const TOKEN = /\\(.)|\/\*\*\/|^\*\*\/|\/\*\*$|\*+|\?|[.+^${}()|[\]\\]/gs;

function translate(body: string): string {
  return body.replaceAll(TOKEN, (token, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped.replaceAll(/\W/g, "\\$&");
    if (token === "/**/") return "/(?:.*/)?";
    if (token === "**/") return "(?:.*/)?";
    if (token === "/**") return "/.*";
    if (token.startsWith("*")) return "[^/]*";
    return token === "?" ? "[^/]" : `\\${token}`;
  });
}
