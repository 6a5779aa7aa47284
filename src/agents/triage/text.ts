import { createHash } from "node:crypto";

/** An issue as its author wrote it. */
export interface IssueText {
  readonly title: string;
  readonly body: string;
}

/** The most characters read of a body; the rest is logs. All processing is linear in it. */
const MOST_BODY = 20_000;
const MOST_TITLE = 500;
const MOST_TOKENS = 3_000;
/** A line in this many issues, or in this share of them, comes from a template. */
const TEMPLATE_ISSUES = 5;
const TEMPLATE_SHARE = 0.1;
const MOST_BOILERPLATE = 500;
/** The most issues for counting lines. */
const MOST_COUNTED = 5_000;

const PREFIX = /^\s*(?:\[[^\]]{0,40}\]\s*|(?:bug|feature|question|request|issue|enhancement|docs?)\s{0,3}[:-]\s+)+/i;
const WORD = /[\p{L}\p{N}_]+/gu;

/** Lower-case words in the order of the text. */
export function words(text: string, most: number = MOST_TOKENS): readonly string[] {
  const found: string[] = [];
  for (const [word] of text.toLowerCase().matchAll(WORD)) {
    if (found.length === most) break;
    if (word.length <= 40) found.push(word);
  }
  return found;
}

/** The title without a prefix such as `[Bug]` or `bug:`, which repeats a template or a label. */
export function bareTitle(title: string): string {
  const cut = title.slice(0, MOST_TITLE);
  const bare = cut.replace(PREFIX, "").trim();
  return bare === "" ? cut.trim() : bare;
}

/** Template lines, in the form that `strip` compares. */
export type Boilerplate = ReadonlySet<string>;

/** Finds template lines: they repeat word for word. */
export function boilerplateOf(bodies: readonly string[]): Boilerplate {
  const seen = new Map<string, number>();
  const counted = bodies.slice(-MOST_COUNTED);
  for (const body of counted) {
    for (const line of new Set(linesOf(body))) seen.set(line, (seen.get(line) ?? 0) + 1);
  }
  const least = Math.max(TEMPLATE_ISSUES, counted.length * TEMPLATE_SHARE);
  const repeated = [...seen]
    .filter(([, count]) => count >= least)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return new Set(repeated.slice(0, MOST_BOILERPLATE).map(([line]) => line));
}

/** The body without HTML comments and template lines. */
export function strip(body: string, boilerplate: Boilerplate): string {
  const text = withoutComments(body.slice(0, MOST_BODY));
  if (boilerplate.size === 0) return text;
  return text
    .split("\n")
    .filter((line) => !boilerplate.has(normal(line)))
    .join("\n");
}

/** SHA-256 (hex) of the text: the same text is triaged once. */
export function textHash({ title, body }: IssueText): string {
  return createHash("sha256").update(`${title}\0${body}`).digest("hex");
}

function linesOf(body: string): readonly string[] {
  return withoutComments(body.slice(0, MOST_BODY))
    .split("\n")
    .map(normal)
    .filter((line) => line.length >= 4);
}

/** By position and not by a pattern, which would restart at each unclosed opening. */
function withoutComments(text: string): string {
  const kept: string[] = [];
  let at = 0;
  for (;;) {
    const open = text.indexOf("<!--", at);
    const end = open < 0 ? -1 : text.indexOf("-->", open);
    if (end < 0) return [...kept, text.slice(at)].join(" ");
    kept.push(text.slice(at, open));
    at = end + 3;
  }
}

function normal(line: string): string {
  return line.slice(0, 200).trim().toLowerCase();
}
