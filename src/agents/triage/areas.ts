import { type Codeowners, ownersOf } from "../code-review/codeowners/parse.js";
import type { IssueText } from "./text.js";

const URL = /\bhttps?:\/\/\S{1,500}/g;
/** A file with an ending of source, configuration or documentation; a line of a stack names such a file too. */
const FILE =
  /(?<![\w./@-])(?:[\w.@-]{1,60}\/){0,12}[\w-]{1,80}(?:\.[\w-]{1,40}){0,3}\.(?:[cm]?[jt]sx?|py|go|rs|java|kt|rb|php|cs|cpp|cc|hpp|[ch]|swift|scala|sql|ya?ml|toml|json|tf|sh|md|css|html|vue)\b/gi;
const MOST_BODY = 20_000;
const MOST_PATHS = 50;
const MOST_OWNERS = 3;
const STEPS = 200_000;

/** The files that an issue names, in stack traces or elsewhere, without their lines. */
export function pathsIn({ title, body }: IssueText): readonly string[] {
  const text = `${title}\n${body.slice(0, MOST_BODY)}`.replace(URL, " ");
  const found = (text.match(FILE) ?? []).map((path) => path.replace(/^(?:\.?\/|[ab]\/)/, ""));
  return [...new Set(found)].slice(0, MOST_PATHS);
}

export interface Area {
  /** A login, or `organisation/team`. */
  readonly owner: string;
  /** The files that the issue names and they own. */
  readonly paths: readonly string[];
}

/** Who owns what the issue names, by CODEOWNERS, the owner of the most files first. The author is no owner here. */
export function areasOf(text: IssueText, codeowners: Codeowners, author: string | null): readonly Area[] {
  const steps = { left: STEPS };
  const areas = new Map<string, string[]>();
  for (const path of pathsIn(text))
    for (const owner of ownersOf(codeowners, path, steps)) {
      if (owner.includes("@") || owner.toLowerCase() === author?.toLowerCase()) continue;
      areas.set(owner, [...(areas.get(owner) ?? []), path]);
    }
  return [...areas]
    .map(([owner, paths]) => ({ owner, paths }))
    .toSorted((a, b) => b.paths.length - a.paths.length || (a.owner < b.owner ? -1 : 1))
    .slice(0, MOST_OWNERS);
}
