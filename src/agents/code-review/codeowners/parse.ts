import { isAbout, namesOf, type PathPattern } from "../../../text/path-pattern.js";
import type { Steps } from "../../../text/sequence.js";
import { patternOf } from "./pattern.js";

export interface OwnerRule {
  /** From 1. */
  readonly line: number;
  readonly pattern: string;
  readonly parts: PathPattern;
  /**
   * Logins, `organisation/team` names and mail addresses, without the `@` of names. Empty: these files have no owners.
   */
  readonly owners: readonly string[];
}

export interface Codeowners {
  readonly rules: readonly OwnerRule[];
  readonly problems: readonly { readonly line: number; readonly problem: string }[];
}

/** GitHub does not read a longer file. */
const MAX_BYTES = 3_000_000;
/** The longest line, in characters, that is read. */
const LONGEST_LINE = 10_000;
const NAME = /^@[\w.-]+(?:\/[\w.-]+)?$/;

/** Reads a CODEOWNERS file. Like GitHub it ignores lines with mistakes, and reports them. */
export function parseCodeowners(text: string): Codeowners {
  if (Buffer.byteLength(text) > MAX_BYTES)
    return { rules: [], problems: [{ line: 1, problem: "the file is larger than GitHub reads (3 MB)" }] };
  const rules: OwnerRule[] = [];
  const problems: { line: number; problem: string }[] = [];
  text.split(/\r?\n/).forEach((content, index) => {
    const line = index + 1;
    if (content.length > LONGEST_LINE) {
      problems.push({ line, problem: `longer than ${LONGEST_LINE} characters` });
      return;
    }
    const words = wordsOf(content);
    const [pattern, ...owners] = words;
    if (pattern === undefined) return;
    const parts = patternOf(pattern);
    const wrong = owners.filter((owner) => !NAME.test(owner) && !isMail(owner));
    if (!parts) problems.push({ line, problem: `the pattern ${pattern} is not supported by GitHub` });
    else if (wrong.length > 0)
      problems.push({ line, problem: `not a user, team or mail address: ${wrong.join(", ")}` });
    else rules.push({ line, pattern, parts, owners: owners.map((owner) => owner.replace(/^@/, "")) });
  });
  return { rules, problems };
}

/** Words up to a comment; `\ ` is a space inside a pattern. */
function wordsOf(line: string): readonly string[] {
  const words = (line.match(/(?:\\.|[^\s\\])+/g) ?? []).map((word) => word.replaceAll("\\ ", " "));
  const comment = words.findIndex((word) => word.startsWith("#"));
  return comment < 0 ? words : words.slice(0, comment);
}

function isMail(owner: string): boolean {
  const [name, domain, ...more] = owner.split("@");
  const dot = domain?.indexOf(".", 1) ?? -1;
  return Boolean(name) && domain !== undefined && more.length === 0 && dot > 0 && dot < domain.length - 1;
}

/** The owners of a file: the last matching rule wins, and may have none. */
export function ownersOf(codeowners: Codeowners, path: string, steps: Steps): readonly string[] {
  const names = namesOf(path);
  return codeowners.rules.findLast(({ parts }) => isAbout(parts, names, steps))?.owners ?? [];
}
