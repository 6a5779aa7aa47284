import { ANY, covers, type Steps } from "./sequence.js";

/** A character of a pattern: a literal, or a set. */
type Character = string | ((character: string) => boolean);
type Segment = readonly (Character | typeof ANY)[] | string;

/** A pattern of paths: parts between slashes, or `ANY` for any number of directories. */
export type PathPattern = readonly (Segment | typeof ANY)[];

/** Matches any character. */
const anyCharacter = (): boolean => true;
/** A part that matches any name. */
export const ANY_SEGMENT: Segment = [anyCharacter, ANY];

/**
 * The parts of a pattern between its slashes: `**` alone is any number of directories, `*` any characters of one name,
 * `?` one of them, and a backslash escapes the next character. With `sets`, `[a-z]` and `[!a]` match one character of
 * the set, or outside of it.
 */
export function pathPattern(pattern: string, { sets }: { readonly sets: boolean }): PathPattern {
  return pattern.split("/").map((segment) => (segment === "**" ? ANY : segmentOf(segment, sets)));
}

/** A path, split once for all patterns that are matched against it. */
export type PathNames = readonly Name[];

export function namesOf(path: string): PathNames {
  return path.split("/").map((text) => ({ text, characters: Array.from(text) }));
}

/** Whether the pattern matches this path. */
export function isAbout(pattern: PathPattern, names: PathNames, steps: Steps): boolean {
  return covers(
    pattern,
    names,
    (segment: Segment, { text, characters }: Name) =>
      typeof segment === "string" ? segment === text : covers(segment, characters, isCharacter, steps),
    steps,
  );
}

interface Name {
  readonly text: string;
  readonly characters: readonly string[];
}

function isCharacter(wanted: Character, character: string): boolean {
  return typeof wanted === "string" ? wanted === character : wanted(character);
}

function segmentOf(segment: string, sets: boolean): Segment {
  const characters = Array.from(segment);
  const parts: (Character | typeof ANY)[] = [];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? "";
    const set = sets && character === "[" ? setAt(characters, at) : null;
    if (set) {
      parts.push(set.has);
      at = set.end;
    } else if (character === "\\" && at + 1 < characters.length) parts.push(characters[(at += 1)] ?? "");
    else if (character === "?") parts.push(anyCharacter);
    else if (character !== "*") parts.push(character);
    else if (parts.at(-1) !== ANY) parts.push(ANY);
  }
  const literal = parts.filter((part): part is string => typeof part === "string");
  return literal.length === parts.length ? literal.join("") : parts;
}

/** `[abc]`, `[a-z]`, `[!a]`, `[^a]`, `[]a]`. Null without a closing bracket: the bracket is a literal. */
function setAt(
  characters: readonly string[],
  start: number,
): { readonly has: (character: string) => boolean; readonly end: number } | null {
  const negated = characters[start + 1] === "!" || characters[start + 1] === "^";
  const first = negated ? start + 2 : start + 1;
  const ranges: (readonly [string, string])[] = [];
  for (let at = first; at < characters.length; at += 1) {
    if (characters[at] === "]" && at > first)
      return { has: (character) => ranges.some(([low, high]) => isBetween(character, low, high)) !== negated, end: at };
    if (characters[at] === "\\" && at + 1 < characters.length) at += 1;
    const low = characters[at] ?? "";
    const isRange = characters[at + 1] === "-" && characters[at + 2] !== undefined && characters[at + 2] !== "]";
    if (isRange) at += 2;
    ranges.push([low, characters[at] ?? low]);
  }
  return null;
}

function isBetween(character: string, low: string, high: string): boolean {
  const [code = 0, first = 0, last = 0] = [character, low, high].map((each) => each.codePointAt(0));
  return code >= first && code <= last;
}
