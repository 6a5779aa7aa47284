import { isAbout, namesOf, type PathPattern, pathPattern } from "../text/path-pattern.js";

/** The longest glob in characters, and the most alternatives that its braces may expand to. */
export const LONGEST_GLOB = 500;
export const MOST_ALTERNATIVES = 100;

/** The most comparisons for one path; ordinary patterns need far fewer. Above it the path counts as not matched. */
const STEPS = { least: 50_000, perCharacter: 50 };

const COMPILED = new WeakMap<readonly string[], (path: string) => boolean>();

/**
 * Compiles globs of the settings: `**` crosses directories; `*`, `?` and `[a-z]` stay in one; `{a,b}` is either; a name
 * without a slash matches anywhere. Matching takes time linear in the path, whatever the pattern.
 */
export function globs(patterns: readonly string[]): (path: string) => boolean {
  const known = COMPILED.get(patterns);
  if (known) return known;
  const compiled = patterns.flatMap(compile);
  const matches = (path: string): boolean => {
    if (compiled.length === 0) return false;
    const steps = { left: STEPS.least + STEPS.perCharacter * path.length };
    const names = namesOf(path);
    return compiled.some((pattern) => isAbout(pattern, names, steps));
  };
  COMPILED.set(patterns, matches);
  return matches;
}

/** Why a glob cannot be used; null: it is valid. */
export function globProblem(pattern: string): string | null {
  if (pattern.length > LONGEST_GLOB) return `longer than ${LONGEST_GLOB} characters`;
  return alternatives(pattern) === null ? `its braces expand to more than ${MOST_ALTERNATIVES} alternatives` : null;
}

function compile(pattern: string): readonly PathPattern[] {
  const anywhere = pattern.includes("/") ? pattern.replace(/^(?:\.?\/)+/, "") : `**/${pattern}`;
  return (alternatives(anywhere) ?? []).map((each) => pathPattern(each, { sets: true }));
}

/** The pattern for each choice of its braces; null: too many. */
function alternatives(pattern: string): readonly string[] | null {
  const done: string[] = [];
  const open = [pattern];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const brace = firstBrace(next);
    if (brace) open.push(...brace.toReversed());
    else done.push(next);
    if (done.length + open.length > MOST_ALTERNATIVES) return null;
  }
  return done;
}

/** The pattern for each alternative of its first `{a,b}`; null: no braces. Braces may be nested. */
function firstBrace(pattern: string): readonly string[] | null {
  const starts: { readonly at: number; readonly commas: number[] }[] = [];
  let found: { readonly start: number; readonly commas: readonly number[]; readonly end: number } | null = null;
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at];
    if (character === "\\") at += 1;
    else if (character === "{") starts.push({ at, commas: [] });
    else if (character === ",") starts.at(-1)?.commas.push(at);
    else if (character === "}") {
      const start = starts.pop();
      if (!start || start.commas.length === 0) continue;
      found = { start: start.at, commas: start.commas, end: at };
      break;
    }
  }
  if (!found) return null;
  const { start, commas, end } = found;
  const [before, after] = [pattern.slice(0, start), pattern.slice(end + 1)];
  const bounds = [start, ...commas, end];
  return bounds.slice(1).map((to, index) => before + pattern.slice((bounds[index] ?? 0) + 1, to) + after);
}
