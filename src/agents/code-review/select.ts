import type { Change } from "./change.js";
import { anchorIn, type Anchor } from "./diff/anchor.js";
import type { Finding } from "./finding.js";

export interface Inline {
  readonly finding: Finding;
  readonly path: string;
  readonly anchor: Anchor;
}

export interface Selection {
  readonly inline: readonly Inline[];
  /** Shown only in the summary: without a diff line, or beyond the limits. */
  readonly folded: readonly Finding[];
}

/** The most comments of one rule; more would repeat the same message. */
const MOST_OF_A_RULE = 3;

/** The findings with a comment of their own, in order; the others are folded in the summary. */
export function select(findings: readonly Finding[], change: Change, most: number): Selection {
  const files = new Map(change.files.map((file) => [file.path, file]));
  const used = new Map<string, number>();
  const inline: Inline[] = [];
  const folded: Finding[] = [];
  for (const finding of findings) {
    const { path, line, rule } = finding;
    const file = path === null ? undefined : files.get(path);
    const anchor =
      file && !file.undisplayed && line !== null
        ? anchorIn(file, line, finding.replacement === null ? (finding.endLine ?? line) : line)
        : null;
    const count = used.get(rule) ?? 0;
    if (path === null || !anchor || inline.length >= most || count >= MOST_OF_A_RULE) folded.push(finding);
    else {
      inline.push({ finding, path, anchor });
      used.set(rule, count + 1);
    }
  }
  return { inline, folded };
}
