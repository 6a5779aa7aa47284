import { globs } from "../glob.js";
import { levelIn } from "../settings/level.js";
import type { CustomRule } from "../settings/custom-rule.js";
import type { ReviewSettings } from "../settings/review.js";
import { hidesCharacters } from "../text/visible.js";
import { type Said, told } from "../text/say.js";
import type { Change } from "./change.js";
import { addedLines } from "./diff/lines.js";
import type { Finding } from "./finding.js";
import { fingerprintsOf } from "./fingerprint.js";
import { customId, type FingerprintKey } from "./inspect-change.js";
import { mayHoldSecret } from "./inspect/may-hold-secret.js";
import type { Inspection } from "./inspect/protocol.js";
import { RULES } from "./rules/registry.js";
import type { Match, Rule, RuleFacts, Severity } from "./rules/rule.js";
import { addedMatches } from "./rules/structure-rule.js";

interface Hit {
  readonly rule: string;
  readonly severity: Severity;
  readonly why: string | null;
  readonly match: Match;
}

/**
 * All that the rules complain about, gravest first, then by file and line. A line that holds what looks like a secret is
 * never quoted and never in a suggestion, whichever rule complains about it and whether or not the secret rule is on.
 */
export function findAll(
  change: Change,
  settings: ReviewSettings,
  inspections: ReadonlyMap<string, Inspection>,
  key: FingerprintKey,
): readonly Finding[] {
  const ignored = globs(settings.ignore.paths);
  const files = change.files.filter(({ path }) => !ignored(path));
  const facts: RuleFacts = { change: { ...change, files }, inspections, options: settings.options };
  const rules: readonly Rule[] = [...RULES, ...Object.entries(settings.customRules).map(ownRule)];
  const level = levelIn(settings);
  const hits = rules.flatMap(({ id, severity, why, check }) =>
    check(facts).flatMap((match): readonly Hit[] => {
      const set = level(id, match.path, severity);
      return set === "off" ? [] : [{ rule: id, severity: set, why: why === "" ? null : why, match }];
    }),
  );
  return findingsOf(hits.toSorted(byGravity), facts, key);
}

function ownRule([name, rule]: readonly [string, CustomRule]): Rule {
  const id = customId(name);
  return {
    id,
    severity: rule.severity,
    why: "",
    check: (facts) =>
      facts.change.files.flatMap((file) =>
        addedMatches(file, facts, id).map((match) => ({ ...match, says: told(rule.message) })),
      ),
  };
}

function findingsOf(hits: readonly Hit[], facts: RuleFacts, key: FingerprintKey): readonly Finding[] {
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

/** Nothing that was taken from the change. */
function oursOnly({ parts }: Said): Said {
  return { parts: parts.filter((part) => typeof part === "string" || "told" in part) };
}

function isSecret({ path, line, endLine }: Match, inspections: ReadonlyMap<string, Inspection>): boolean {
  return path !== null && line !== null && mayHoldSecret(inspections.get(path), line, endLine);
}

/** A suggestion is committed as it is: none where the text is not what it looks like. */
function exact(replacement: string | null): string | null {
  if (replacement === null || hidesCharacters(replacement)) return null;
  return replacement.replace(/\r$/, "");
}

const RANK: Readonly<Record<Severity, number>> = { failure: 0, warning: 1, notice: 2 };

function byGravity(a: Hit, b: Hit): number {
  if (a.severity !== b.severity) return RANK[a.severity] - RANK[b.severity];
  const [first, second] = [a.match.path ?? "", b.match.path ?? ""];
  if (first !== second) return first < second ? -1 : 1;
  return (a.match.line ?? 0) - (b.match.line ?? 0);
}
