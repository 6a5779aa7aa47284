import { ANY } from "../../../text/sequence.js";
import { ANY_SEGMENT, type PathPattern, pathPattern } from "../../../text/path-pattern.js";

const LONGEST = 500;
const ANYWHERE: PathPattern = [ANY];
const NOTHING: PathPattern = [];
const INSIDE: PathPattern = [ANY_SEGMENT, ANY];

/**
 * A CODEOWNERS pattern: gitignore's rules without `!` and `[…]`, which GitHub does not support; `folder/*` matches the
 * files directly in it. Null when GitHub would ignore the pattern.
 */
export function patternOf(pattern: string): PathPattern | null {
  if (pattern.startsWith("!") || pattern.length > LONGEST || hasSet(pattern)) return null;
  if (pattern === "/") return ANYWHERE;
  const isFolder = pattern.endsWith("/");
  // A slash inside or at the start anchors the pattern at the root.
  const anchored = pattern.slice(0, -1).includes("/");
  const body = pattern.slice(pattern.startsWith("/") ? 1 : 0, isFolder ? -1 : undefined);
  const parts = pathPattern(body, { sets: false });
  return [...(anchored ? NOTHING : ANYWHERE), ...parts, ...below(pattern, parts, isFolder)];
}

/** The allowed rest of a path: a folder includes its content, and so does any other name except a single star. */
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
