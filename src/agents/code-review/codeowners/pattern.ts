import { ANY } from "../../../text/sequence.js";
import { ANY_SEGMENT, type PathPattern, pathPattern } from "../../../text/path-pattern.js";

const LONGEST = 500;
const ANYWHERE: PathPattern = [ANY];
const NOTHING: PathPattern = [];
const INSIDE: PathPattern = [ANY_SEGMENT, ANY];

/**
 * A CODEOWNERS pattern: gitignore's rules without `!` and `[…]`, which GitHub does not take, and with `folder/*` meaning
 * the files directly in it. Null when GitHub would not take the pattern.
 */
export function patternOf(pattern: string): PathPattern | null {
  if (pattern.startsWith("!") || pattern.length > LONGEST || hasSet(pattern)) return null;
  if (pattern === "/") return ANYWHERE;
  const isFolder = pattern.endsWith("/");
  // A slash inside or at the start holds the pattern to the root.
  const anchored = pattern.slice(0, -1).includes("/");
  const body = pattern.slice(pattern.startsWith("/") ? 1 : 0, isFolder ? -1 : undefined);
  const parts = pathPattern(body, { sets: false });
  return [...(anchored ? NOTHING : ANYWHERE), ...parts, ...below(pattern, parts, isFolder)];
}

/** What may follow in a path: a folder covers what is in it, and so does any other name unless it is a star alone. */
function below(pattern: string, parts: PathPattern, isFolder: boolean): PathPattern {
  const isOpen = parts.at(-1) === ANY;
  if (isFolder) return isOpen ? [ANY_SEGMENT, ...INSIDE] : INSIDE;
  if (isOpen) return parts.length > 1 ? [ANY_SEGMENT] : NOTHING;
  return pattern.endsWith("/*") ? NOTHING : ANYWHERE;
}

function hasSet(pattern: string): boolean {
  for (let at = 0; at < pattern.length; at += 1) {
    if (pattern[at] === "\\") at += 1;
    else if (pattern[at] === "[") return true;
  }
  return false;
}
