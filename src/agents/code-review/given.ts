import { settingsBook } from "../../settings/book.js";
import type { Layer } from "../../settings/parse.js";
import { sectionOf } from "../../settings/section.js";
import type { Change, ChangedFile, PullRequestFacts } from "./change.js";
import type { Advisory } from "./dependencies/advisory.js";
import { parsePatch } from "./diff/parse-patch.js";
import type { Finding } from "./finding.js";
import { findAll } from "./find.js";
import { inspectChange } from "./inspect-change.js";
import type { Inspector } from "./inspect/inspector.js";
import { unread } from "./inspect/protocol.js";
import { movedIn } from "./moved.js";
import type { Match } from "./rules/match.js";
import { RULES } from "./rules/registry.js";
import { ruleOptions, type RuleOptions } from "./rules/options.js";
import type { Rule } from "./rules/rule.js";
import { REVIEW, type ReviewSettings } from "./settings/settings.js";
import { traitsOf } from "./traits.js";

/** Changes built from texts, for tests and benches, in the form that reading a pull request gives. */
export interface GivenFile {
  readonly path: string;
  readonly before?: string | null;
  readonly after: string | null;
  readonly binary?: boolean;
  readonly size?: number;
}

/** Marks a line in a given text on which a finding is expected. */
const MARK = "▶";

/** The text without its marks, and the numbers of the marked lines. */
export function unmark(text: string): { readonly text: string; readonly lines: readonly number[] } {
  const lines = text.split("\n");
  const marked = lines.flatMap((line, index) => (line.startsWith(MARK) ? [index + 1] : []));
  return { text: lines.map((line) => line.replace(MARK, "")).join("\n"), lines: marked };
}

export function givenChange(
  files: readonly GivenFile[],
  pullRequest: Partial<PullRequestFacts> = {},
  lockfiles: readonly string[] = [],
): Change {
  const facts = { number: 1, title: "A change", body: "", linkedIssues: [], ...pullRequest };
  return { pullRequest: facts, files: files.map(givenFile), lockfiles };
}

export function givenFile({ path, before = null, after, binary = false, size }: GivenFile): ChangedFile {
  return {
    path,
    previousPath: null,
    status: before === null ? "added" : after === null ? "removed" : "modified",
    kind: "file",
    oldMode: before === null ? null : "100644",
    newMode: after === null ? null : "100644",
    binary,
    hunks: binary ? [] : parsePatch(patchOf(before ?? "", after ?? "")).hunks,
    truncated: false,
    text: binary ? null : after,
    baseText: binary ? null : before,
    size: size ?? after?.length ?? null,
    undisplayed: false,
  };
}

/** The settings of the review only. */
export const BOOK = settingsBook([REVIEW]);

/** The review's settings with this file; an empty file gives the defaults. */
export function reviewOf(layer: Layer = {}): ReviewSettings {
  return sectionOf(BOOK.merge(layer), REVIEW);
}

/** All findings of the review, with these settings over the defaults. */
export async function findIn(
  inspector: Inspector,
  change: Change,
  layer: Layer = {},
  advisories: readonly Advisory[] = [],
): Promise<readonly Finding[]> {
  const settings = reviewOf(layer);
  const key = "a key for tests, 32 characters or more";
  const inspections = await inspectChange(change, settings, inspector, key);
  return findAll(change, settings, inspections, key, RULES, advisories).findings;
}

/** The findings of one rule without a parser: of each file, then of the change. */
export function checkRule(
  { inFile, inChange }: Rule,
  change: Change,
  options: RuleOptions = ruleOptions.parse({}),
): readonly Match[] {
  const inspections = new Map(
    change.files.map((file) => [file.path, { ...unread(""), problem: null, traits: traitsOf(file, options) }]),
  );
  const none = { matches: [], secrets: [], options };
  const inFiles = change.files.flatMap((file) => inFile?.({ file, ...none }) ?? []);
  return [
    ...inFiles,
    ...(inChange?.({
      change,
      moved: movedIn(change.files),
      inspections,
      advisories: [],
      options,
      optionsFor: () => options,
    }) ?? []),
  ];
}

/** The lines that one rule reports in one file that is new or was `before`. */
export async function linesOf(
  inspector: Inspector,
  rule: string,
  file: GivenFile,
  layer: Layer = {},
): Promise<readonly number[]> {
  const findings = await findIn(inspector, givenChange([file]), layer);
  return findings
    .flatMap((finding) => (finding.rule === rule && finding.line !== null ? [finding.line] : []))
    .toSorted((a, b) => a - b);
}

/** One hunk: the common beginning and end are context, the rest is replaced. */
function patchOf(before: string, after: string): string {
  const [old, now] = [linesIn(before), linesIn(after)];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  const body = [
    ...old.slice(0, start).map((line) => ` ${line}`),
    ...old.slice(start, old.length - end).map((line) => `-${line}`),
    ...now.slice(start, now.length - end).map((line) => `+${line}`),
    ...now.slice(now.length - end).map((line) => ` ${line}`),
  ];
  if (start === old.length && start === now.length) return "";
  return [`@@ -${old.length === 0 ? 0 : 1},${old.length} +${now.length === 0 ? 0 : 1},${now.length} @@`, ...body].join(
    "\n",
  );
}

function linesIn(text: string): readonly string[] {
  const lines = text.split("\n");
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}
