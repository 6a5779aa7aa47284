import type { RepositoryRef } from "../../domain.js";
import type { Effect } from "../../effects/effect.js";
import { codeSpan } from "../../text/markdown.js";
import type { Decision } from "../agent.js";
import { matchesLogin } from "../login-pattern.js";
import type { Area } from "./areas.js";
import type { Completeness } from "./form.js";
import type { Judged } from "./label-model.js";
import type { TriageSettings } from "./settings.js";
import type { Severity } from "./severity.js";
import { isLikelySpam } from "./spam.js";

/** The actions of people on the issue so far. */
export interface PeopleFirst {
  /** Labels that people set, or that the issue was opened with. */
  readonly labelled: boolean;
  readonly assigned: boolean;
  /** A person other than the author commented. */
  readonly answered: boolean;
  /** Labels that a person removed; they are never added again. */
  readonly removed: readonly string[];
}

/** A label with the evidence of its own history. */
export interface LabelVerdict extends Judged {
  /** Why it is never added, whatever the score; null: it may be added. */
  readonly reason: string | null;
  readonly together: readonly string[];
}

export interface SimilarIssue {
  readonly number: number;
  readonly score: number;
}

/** The complete input of a decision. */
export interface TriageSubject {
  readonly repository: RepositoryRef;
  readonly number: number;
  readonly author: string | null;
  readonly state: "open" | "closed";
  readonly locked: boolean;
  readonly textHash: string;
  /** Labels on the issue now. */
  readonly labels: readonly string[];
  readonly people: PeopleFirst;
  /** Labels that exist in the repository. */
  readonly existing: readonly string[];
  readonly verdicts: readonly LabelVerdict[];
  /** Why no label was learned; null: some were. */
  readonly untaught: string | null;
  readonly form: Completeness | null;
  readonly severity: Severity;
  /** Who owns the files that the issue names. */
  readonly areas: readonly Area[];
  /** Signs of advertising. */
  readonly spam: readonly string[];
  readonly similar: readonly SimilarIssue[];
  /** The address of the security policy; null: the repository has none. */
  readonly securityPolicy: string | null;
  /** The App has commented on the issue, possibly deleted since. */
  readonly asked: boolean;
  readonly writesToday: number;
  readonly notes: readonly string[];
}

/** Decides from the collected data, with a reason for each action that is left out. */
export function decideTriage(subject: TriageSubject, settings: TriageSettings): Decision {
  const idle = idleReason(subject, settings);
  if (idle !== null) return { reason: idle.reason, effects: [], skipped: idle.id };
  const spam = isLikelySpam(subject.spam);
  const { labels, lines } = spam
    ? { labels: [], lines: ["no label: it is likely spam, and waits for a person"] }
    : labelsFor(subject, settings);
  const comment = spam ? { effects: [], line: "no comment on likely spam" } : commentFor(subject, settings);
  const wanted = [...(labels.length > 0 ? [labelEffect(subject, labels)] : []), ...comment.effects];
  const left = Math.max(0, settings.writesPerDay - subject.writesToday);
  const effects = wanted.slice(0, left);
  const capped =
    wanted.length > left
      ? [`the limit of ${settings.writesPerDay} writes a day is reached: ${wanted.length - left} effects left out`]
      : [];
  const { hints } = subject.severity;
  const said = [
    labels.length > 0 ? `added ${labels.join(", ")}` : "no label added",
    ...lines,
    comment.line,
    ...(subject.spam.length > 0 ? [`for maintainers: signs of spam: ${subject.spam.join(", ")}`] : []),
    ...(hints.length > 0 ? [`for maintainers: possible ${hints.join(", ")}`] : []),
    ...similarLine(subject, settings),
    ...subject.areas.map(({ owner, paths }) => `for maintainers: ${owner} owns ${paths.slice(0, 3).join(", ")}`),
    ...capped,
    ...subject.notes,
  ];
  return {
    reason: said.join("; "),
    effects,
    input: { textHash: subject.textHash },
    details: {
      scores: subject.verdicts.map(({ label, score, threshold, reason }) => ({ label, score, threshold, reason })),
      hints: [...hints],
      spam: [...subject.spam],
      areas: subject.areas.map(({ owner, paths }) => ({ owner, paths: [...paths] })),
      similar: subject.similar.map(({ number, score }) => ({ number, score })),
      missing: [...(subject.form?.missing ?? [])],
    },
  };
}

function idleReason(
  { state, locked, author }: TriageSubject,
  { enabled, ignore }: TriageSettings,
): { readonly id: string; readonly reason: string } | null {
  if (!enabled) return { id: "disabled", reason: "triage is switched off in .github/companyos.yml" };
  if (state === "closed") return { id: "closed", reason: "the issue is closed" };
  if (locked) return { id: "locked", reason: "the conversation is locked" };
  if (author !== null && ignore.authors.some((pattern) => matchesLogin(pattern, author)))
    return { id: "author", reason: `issues of ${author} are not triaged (triage.ignore.authors)` };
  return null;
}

function labelsFor(
  subject: TriageSubject,
  { labels: settings }: TriageSettings,
): { readonly labels: readonly string[]; readonly lines: readonly string[] } {
  if (!settings.enabled) return { labels: [], lines: ["labels are switched off"] };
  const certain = (subject.form?.form.labels ?? []).flatMap((name) => {
    const reason = unavailable(name, subject, settings.only);
    return reason === null ? [{ name: nameAsItIs(name, subject.existing), line: `${name} by its form` }] : [];
  });
  const lines = subject.untaught === null ? [] : [subject.untaught];
  const guessed = [...subject.verdicts]
    .sort((a, b) => b.score - a.score)
    .flatMap((verdict) => {
      const reason = silence(verdict, subject, settings.only);
      lines.push(
        `${verdict.label} ${percent(verdict.score)}${reason === null ? ` of ${percent(verdict.threshold ?? 1)} needed` : `: ${reason}`}`,
      );
      return reason === null ? [nameAsItIs(verdict.label, subject.existing)] : [];
    });
  return {
    labels: [...new Set([...certain.map(({ name }) => name), ...guessed])],
    lines: [...certain.map(({ line }) => line), ...lines],
  };
}

/** Why a learned label is not added; null: it is. */
function silence(verdict: LabelVerdict, subject: TriageSubject, only: readonly string[] | null): string | null {
  const { label, score, threshold, reason, together } = verdict;
  if (threshold === null) return reason ?? "it has no threshold";
  if (score < threshold) return `below its threshold of ${percent(threshold)}`;
  const cannot = unavailable(label, subject, only);
  if (cannot !== null) return cannot;
  const excluded = subject.labels.find((other) => !together.some((each) => same(each, other)));
  return excluded === undefined ? null : `people do not combine it with ${excluded}`;
}

function unavailable(name: string, subject: TriageSubject, only: readonly string[] | null): string | null {
  if (subject.labels.some((each) => same(each, name))) return "the issue already has it";
  if (!subject.existing.some((each) => same(each, name))) return "the repository has no such label";
  if (only !== null && !only.some((each) => same(each, name))) return "it is not in triage.labels.only";
  if (subject.people.removed.some((each) => same(each, name))) return "a person removed it";
  return null;
}

function nameAsItIs(name: string, existing: readonly string[]): string {
  return existing.find((each) => same(each, name)) ?? name;
}

function labelEffect({ repository, number, textHash }: TriageSubject, add: readonly string[]): Effect {
  const reason = "labels predicted from this repository's history and issue forms";
  return { kind: "labels", repository, occasion: `triage ${textHash}`, reason, issue: number, add, remove: [] };
}

/** The only comment that triage ever writes on an issue. */
const SLOT = "triage";
/** Its target in the ledger. */
export const commentTarget = (number: number): string => `#${number}/comment:${SLOT}`;

function commentFor(
  subject: TriageSubject,
  settings: TriageSettings,
): { readonly effects: readonly Effect[]; readonly line: string } {
  const { repository, number, severity, securityPolicy, form, people } = subject;
  const security = settings.security && severity.likelySecurityReport && securityPolicy !== null;
  const missing = settings.questions && !severity.likelySecurityReport ? (form?.missing ?? []) : [];
  const silent = (line: string) => ({ effects: [], line });
  if (!security && missing.length === 0) return silent(nothingToAsk(subject, settings));
  if (subject.asked) return silent("no comment: triage has already commented on this issue");
  if (people.answered || people.assigned || people.labelled) return silent("no comment: a person has already answered");
  const base = { kind: "comment" as const, repository, issue: number, slot: SLOT, occasion: "triage" };
  if (security) {
    const reason = "a likely security report gets a link to the security policy";
    return {
      effects: [{ ...base, reason, body: securityBody(securityPolicy) }],
      line: "linked the security policy",
    };
  }
  const reason = "required fields of the issue form are empty";
  return { effects: [{ ...base, reason, body: questionBody(missing) }], line: `asked for ${missing.join(", ")}` };
}

function nothingToAsk({ severity, securityPolicy, form }: TriageSubject, settings: TriageSettings): string {
  if (severity.likelySecurityReport) {
    return securityPolicy === null
      ? "no comment: a likely security report, and the repository has no SECURITY.md"
      : "no comment on a likely security report: triage.security is off";
  }
  if (!settings.questions) return "no question: triage.questions is off";
  return form === null ? "no question: the issue fits no form" : "no question: the form is filled in";
}

function securityBody(policy: string): string {
  return `If this is about a security problem, please do not post details here. The [security policy](${policy}) explains how to report it privately.`;
}

function questionBody(missing: readonly string[]): string {
  return [
    "The maintainers need more information to look into this. These required fields of the issue form are empty:",
    "",
    ...missing.slice(0, 20).map((label) => `- ${codeSpan(label)}`),
    "",
    "Please add them to the description above.",
  ].join("\n");
}

function similarLine({ similar }: TriageSubject, { duplicates }: TriageSettings): readonly string[] {
  if (!duplicates.enabled || similar.length === 0) return [];
  return [
    `similar issues: ${similar
      .slice(0, duplicates.shown)
      .map(({ number }) => `#${number}`)
      .join(", ")}`,
  ];
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
