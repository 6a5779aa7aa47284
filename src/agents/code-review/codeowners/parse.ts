import { patternOf } from "./pattern.js";

export interface OwnerRule {
  /** From 1. */
  readonly line: number;
  readonly pattern: string;
  readonly test: RegExp;
  /** Logins, `organisation/team` names and mail addresses, without the `@` of names. Empty: nobody owns these files. */
  readonly owners: readonly string[];
}

export interface Codeowners {
  readonly rules: readonly OwnerRule[];
  readonly problems: readonly { readonly line: number; readonly problem: string }[];
}

/** GitHub does not read a longer file. */
const MAX_BYTES = 3_000_000;
const NAME = /^@[\w.-]+(?:\/[\w.-]+)?$/;
const MAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Reads a CODEOWNERS file. As at GitHub, a line with a mistake is passed over, and here it is named. */
export function parseCodeowners(text: string): Codeowners {
  if (Buffer.byteLength(text) > MAX_BYTES)
    return { rules: [], problems: [{ line: 1, problem: "the file is larger than GitHub reads (3 MB)" }] };
  const rules: OwnerRule[] = [];
  const problems: { line: number; problem: string }[] = [];
  text.split(/\r?\n/).forEach((content, index) => {
    const line = index + 1;
    const words = wordsOf(content);
    const [pattern, ...owners] = words;
    if (pattern === undefined) return;
    const test = patternOf(pattern);
    const wrong = owners.filter((owner) => !NAME.test(owner) && !MAIL.test(owner));
    if (!test) problems.push({ line, problem: `the pattern ${pattern} is not supported by GitHub` });
    else if (wrong.length > 0)
      problems.push({ line, problem: `not a user, team or mail address: ${wrong.join(", ")}` });
    else rules.push({ line, pattern, test, owners: owners.map((owner) => owner.replace(/^@/, "")) });
  });
  return { rules, problems };
}

/** Words up to a comment; `\ ` is a space inside a pattern. */
function wordsOf(line: string): readonly string[] {
  const code = line.replace(/(^|\s)#.*$/, "");
  return (code.match(/(?:\\.|[^\s\\])+/g) ?? []).map((word) => word.replaceAll("\\ ", " "));
}

/** The owners of a file: the last rule that matches counts, and it may say that nobody is. */
export function ownersOf(codeowners: Codeowners, path: string): readonly string[] {
  return codeowners.rules.findLast(({ test }) => test.test(path))?.owners ?? [];
}
