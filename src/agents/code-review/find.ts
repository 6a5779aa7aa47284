import { globs } from "../glob.js";
import { levelIn, optionsIn } from "./settings/level.js";
import type { ReviewSettings } from "./settings/settings.js";
import { hidesCharacters } from "../../text/visible.js";
import { list, oursOnly, say, told } from "../../text/say.js";
import type { Change } from "./change.js";
import type { Advisory } from "./dependencies/advisory.js";
import { addedLines } from "./diff/lines.js";
import type { Finding } from "./finding.js";
import { type Gap, WHOLE_CHANGE } from "./gaps.js";
import { movedIn } from "./moved.js";
import { fingerprintsOf } from "./fingerprint.js";
import { customId, type FingerprintKey } from "./inspect-change.js";
import { MOST_IN_A_FILE } from "./inspect/check-file.js";
import { mayHoldSecret } from "./inspect/may-hold-secret.js";
import type { Inspection } from "./inspect/protocol.js";
import type { Match } from "./rules/match.js";
import { type RuleId, RULES } from "./rules/registry.js";
import type { ChangeFacts, Rule, Severity } from "./rules/rule.js";

export interface Found {
  readonly findings: readonly Finding[];
  /** Rules that failed on the change as a whole. */
  readonly failed: readonly string[];
  /** The files and rules with more findings than are kept, with their numbers. */
  readonly left: readonly Gap[];
}

interface Hit {
  readonly rule: string;
  readonly severity: Severity;
  readonly why: string | null;
  readonly match: Match;
}

/**
 * All findings of the rules, most severe first, then by file and line. A line that may contain a secret is never quoted
 * or suggested, whatever the rule, and whether or not the secret rule is on.
 */
export function findAll(
  change: Change,
  settings: ReviewSettings,
  inspections: ReadonlyMap<string, Inspection>,
  key: FingerprintKey,
  rules: readonly Rule[] = RULES,
  advisories: readonly Advisory[] = [],
): Found {
  const ignored = globs(settings.ignore.paths);
  const files = change.files.filter(({ path }) => !ignored(path));
  const { options } = settings;
  const facts: ChangeFacts = {
    change: { ...change, files },
    moved: movedIn(change.files),
    inspections,
    advisories,
    options,
    optionsFor: optionsIn(settings),
  };
  const level = levelIn(settings);
  const failed: string[] = [];
  const left = new Left();
  const hits = [...rules, ...Object.entries(settings.customRules).map(ownRule)].flatMap((rule) => {
    const { id, severity, why, byDefault = severity } = rule;
    for (const { path } of files)
      if (level(id, path, byDefault) !== "off") left.add(path, id, moreIn(inspections.get(path), id));
    const matches = [...inFiles(rule, facts), ...inChange(rule, facts, failed)];
    return matches.flatMap((match): readonly Hit[] => {
      const set = level(id, match.path, byDefault);
      return set === "off" ? [] : [{ rule: id, severity: set, why: why === "" ? null : why, match }];
    });
  });
  const kept = firstOf(hits.toSorted(byGravity), left);
  return { findings: findingsOf(kept, facts, key), failed, left: left.gaps() };
}

/** The most findings of one review; further ones are counted. */
const MOST = 1_000;

function moreIn(inspection: Inspection | undefined, id: string): number {
  return inspection?.more.find(({ rule }) => rule === id)?.count ?? 0;
}

/** Keeps the most severe findings, with a limit for each rule and file. The rest is counted in `left`. */
function firstOf(hits: readonly Hit[], left: Left): readonly Hit[] {
  const used = new Map<string, number>();
  const kept: Hit[] = [];
  for (const hit of hits) {
    const path = hit.match.path ?? WHOLE_CHANGE;
    const place = `${hit.rule}\0${path}`;
    const count = used.get(place) ?? 0;
    used.set(place, count + 1);
    if (kept.length < MOST && count < MOST_IN_A_FILE) kept.push(hit);
    else left.add(kept.length < MOST ? path : WHOLE_CHANGE, hit.rule, 1);
  }
  return kept;
}

/** The number of dropped findings, by path and rule. */
class Left {
  readonly #counts = new Map<string, Map<string, number>>();

  add(path: string, rule: string, count: number): void {
    if (count === 0) return;
    const rules = this.#counts.get(path) ?? new Map<string, number>();
    this.#counts.set(path, rules.set(rule, (rules.get(rule) ?? 0) + count));
  }

  gaps(): readonly Gap[] {
    return [...this.#counts].map(([path, counts]) => {
      const rules = [...counts.keys()];
      const count = [...counts.values()].reduce((sum, each) => sum + each, 0);
      return { path, reason: say`${count} more findings of ${list(rules)}, not shown`, rules };
    });
  }
}

/** A rule, with the message of a custom rule, which the inspecting process does not know. */
type Asked = Rule & { readonly message?: string };

function ownRule([name, { severity, message }]: readonly [string, OwnRule]): Asked {
  return { id: customId(name), severity, why: "", message };
}
type OwnRule = ReviewSettings["customRules"][string];

function inFiles({ id, message, ...rule }: Asked, { change, inspections }: ChangeFacts): readonly Match[] {
  const hits = change.files.flatMap(({ path }) => inspections.get(path)?.found.filter(({ rule }) => rule === id) ?? []);
  const moved = rule.followsMoves === true && hits.length > 0 ? movedIn(change.files) : null;
  return hits.flatMap(({ match }) => {
    const { path, line, endLine = line } = match;
    if (path !== null && line !== null && moved?.isMoved(path, line, endLine ?? line) === true) return [];
    return message === undefined ? match : { ...match, says: told(message) };
  });
}

function inChange(rule: Rule, facts: ChangeFacts, failed: string[]): readonly Match[] {
  try {
    return rule.inChange?.(facts) ?? [];
  } catch {
    failed.push(rule.id);
    return [];
  }
}

function findingsOf(hits: readonly Hit[], facts: ChangeFacts, key: FingerprintKey): readonly Finding[] {
  const texts = new Map(
    facts.change.files.map((file) => [file.path, new Map(addedLines(file).map(({ line, text }) => [line, text]))]),
  );
  const textOf = ({ path, line }: Match) => (path === null || line === null ? "" : (texts.get(path)?.get(line) ?? ""));
  const fingerprints = fingerprintsOf(
    hits.map(({ rule, match }) => ({ rule, match, text: textOf(match) })),
    key,
  );
  return hits.map(({ match, ...hit }, index) => {
    const secret = isSecret(match, facts.inspections);
    const text = textOf(match).replace(/\r$/, "");
    return {
      ...hit,
      source: "rule",
      says: secret && hit.rule !== "secret" ? oursOnly(match.says) : match.says,
      path: match.path,
      line: match.line,
      endLine: match.endLine ?? match.line,
      quote: secret || text === "" ? null : text,
      replacement: secret ? null : exact(match.replacement ?? null),
      fingerprint: fingerprints[index] ?? "",
    };
  });
}

function isSecret({ path, line, endLine }: Match, inspections: ReadonlyMap<string, Inspection>): boolean {
  return path !== null && line !== null && mayHoldSecret(inspections.get(path), line, endLine);
}

/** The longest suggestion in characters. Longer ones are useless, and could exceed GitHub's limit for a comment. */
const LONGEST_SUGGESTION = 2_000;

/** A suggestion is committed exactly. None is made for text with hidden characters. */
function exact(replacement: string | null): string | null {
  if (replacement === null || replacement.length > LONGEST_SUGGESTION || hidesCharacters(replacement)) return null;
  return replacement.replace(/\r$/, "");
}

const RANK: Readonly<Record<Severity, number>> = { failure: 0, warning: 1, notice: 2 };

/** Within a severity these come first, because they attack whoever merges the change. */
const FIRST: readonly string[] = [
  "secret",
  "malicious-dependency",
  "workflow-script-injection",
  "workflow-head-checkout",
  "sql-injection",
  "shell-injection",
  "tls-verification-disabled",
] satisfies readonly RuleId[];

function weightOf(rule: string): number {
  const at = FIRST.indexOf(rule);
  return at < 0 ? FIRST.length : at;
}

/** By severity, then by rule, then by place. */
function byGravity(a: Hit, b: Hit): number {
  if (a.severity !== b.severity) return RANK[a.severity] - RANK[b.severity];
  const weight = weightOf(a.rule) - weightOf(b.rule);
  if (weight !== 0) return weight;
  const [first, second] = [a.match.path ?? "", b.match.path ?? ""];
  if (first !== second) return first < second ? -1 : 1;
  return (a.match.line ?? 0) - (b.match.line ?? 0);
}
