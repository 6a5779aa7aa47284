import { bareTitle, type Boilerplate, type IssueText, strip, words } from "./text.js";

/** How often a feature occurs in an issue, by its name. */
export type Features = ReadonlyMap<string, number>;

/** The most words of a body; later ones are mostly logs. */
const BODY_WORDS = 400;

const FENCE = /^\s{0,3}```/m;
const STACK =
  /^\s*(?:at\s+[\w.$<>]+\s?\(|File "[^"\n]{1,300}", line \d|Traceback \(most recent|Caused by: |goroutine \d+ \[|panic: )/m;
const VERSION = /\bv?\d{1,4}\.\d{1,4}(?:\.\d{1,6})?\b/;
const HEADING = /^#{1,6}\s+(.{1,80})$/gm;
const LIST = /^\s*(?:[-*]|\d{1,3}[.)])\s/m;
const URL = /https?:\/\//;

/**
 * Words and word pairs of title and body, and the structure of the text. Templates and bracketed prefixes are left out:
 * they repeat the form's own labels, and change with the template.
 */
export function featuresOf(issue: IssueText, boilerplate: Boilerplate): Features {
  const features = new Map<string, number>();
  const add = (name: string) => features.set(name, (features.get(name) ?? 0) + 1);
  const title = words(bareTitle(issue.title), 60);
  const text = strip(issue.body, boilerplate);
  const body = words(text, BODY_WORDS);
  for (const word of title) add(`t:${word}`);
  for (const pair of pairs(title)) add(`t:${pair}`);
  for (const word of [...title, ...body]) add(`w:${word}`);
  for (const pair of pairs(body)) add(`b:${pair}`);
  if (title[0] !== undefined) add(`first:${title[0]}`);
  for (const name of structureOf(issue, text)) add(`s:${name}`);
  return features;
}

function pairs(all: readonly string[]): readonly string[] {
  return all.slice(1).map((word, index) => `${all[index] ?? ""} ${word}`);
}

function structureOf({ title, body }: IssueText, text: string): readonly string[] {
  const length = Math.min(6, Math.floor(Math.log10(text.trim().length + 1) * 2));
  const headings = [...body.slice(0, 20_000).matchAll(HEADING)].slice(0, 12).map(([, heading = ""]) => heading.trim());
  return [
    `length:${length}`,
    ...(FENCE.test(text) ? ["fence"] : []),
    ...(STACK.test(text) ? ["stack"] : []),
    ...(VERSION.test(text) ? ["version"] : []),
    ...(LIST.test(text) ? ["list"] : []),
    ...(URL.test(text) ? ["url"] : []),
    ...(text.trim() === "" ? ["empty"] : []),
    ...(title.trim().endsWith("?") ? ["question title"] : []),
    ...(text.includes("?") ? ["question"] : []),
    ...headings.map((heading) => `heading:${heading.toLowerCase()}`),
  ];
}
