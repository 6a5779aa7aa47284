const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, "\\": 92 };

/** A path in git's notation: plain, or quoted with C escapes and the bytes of UTF-8 in octal. */
export function unquotePath(printed: string): string {
  const inner = /^"(.*)"$/s.exec(printed)?.[1];
  if (inner === undefined) return printed;
  const bytes = [...inner.matchAll(/\\([0-7]{1,3})|\\(.)|([^\\]+)/gs)].map(([, octal, escape, plain]) => {
    if (octal !== undefined) return Buffer.from([Number.parseInt(octal, 8) & 0xff]);
    return escape === undefined ? Buffer.from(plain ?? "") : Buffer.from([ESCAPES[escape] ?? escape.charCodeAt(0)]);
  });
  return Buffer.concat(bytes).toString("utf8");
}

/** The path after `--- ` or `+++ `; null for `/dev/null`. A name with spaces is followed by a tab. */
export function pathOfMarker(printed: string): string | null {
  const path = unquotePath(printed.replace(/\t.*$/s, ""));
  return path === "/dev/null" ? null : path.replace(/^[ab]\//, "");
}

/**
 * The paths of `diff --git a/x b/y`. With spaces in names the line is ambiguous; then both names are equal, because a
 * rename repeats its names below. Null when undecidable.
 */
export function pathsOfGitLine(rest: string): { readonly old: string; readonly new: string } | null {
  const quoted = /^("(?:[^"\\]|\\.)*"|\S+) ("(?:[^"\\]|\\.)*"|\S+)$/s.exec(rest);
  const half = /^a\/(.*) b\/\1$/s.exec(rest);
  if (half?.[1] !== undefined) return { old: half[1], new: half[1] };
  if (quoted?.[1] === undefined || quoted[2] === undefined) return null;
  return { old: unquotePath(quoted[1]).replace(/^a\//, ""), new: unquotePath(quoted[2]).replace(/^b\//, "") };
}
