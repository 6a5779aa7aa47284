import type { Answer, Model } from "../../model/model.js";
import { say } from "../../../text/say.js";
import { addedLines } from "../diff/lines.js";
import { mayHoldSecret } from "../inspect/may-hold-secret.js";
import type { Finding } from "../finding.js";
import { fingerprintsOf } from "../fingerprint.js";
import type { SecondReader, SecondReading } from "../second-reader.js";
import { claimsIn, standing, type Claim } from "./claims.js";
import { KINDS, type Kind, MODEL_RULE, WHY } from "./kinds.js";
import { findQuestion, refuteQuestion } from "./questions.js";
import { type Shown, shownOf } from "./shown.js";

const MOST_FINDINGS = 3;

/**
 * A model as the second reader. It is asked for claims, and then to refute them. This code keeps claims that quote an
 * added line exactly and were not refuted; it never follows instructions in an answer. Without a model, only posted
 * claims whose line still exists are found again.
 */
export function modelReader(model: Model | null): SecondReader {
  return async (reading) => {
    const known = stillThere(reading);
    if (!model) return { findings: known, reason: null };
    if (!reading.settings.model)
      return { findings: known, reason: "no model was used: review.model is off in the settings" };
    const shown = shownOf(reading);
    if (shown.added.length === 0)
      return { findings: known, reason: "no model was used: the change adds no source lines" };
    const { claims, reason } = await read(model, shown);
    const unread = shown.left > 0 ? `; ${shown.left} files exceeded the model's limit` : "";
    const fresh = freshOf(claims, reading);
    return {
      findings: [...known, ...fresh].slice(0, MOST_FINDINGS),
      reason: `${model.name}: ${reason}${unread}`,
    };
  };
}

async function read(model: Model, shown: Shown): Promise<{ claims: readonly Claim[]; reason: string }> {
  const first = await model.ask(findQuestion(shown));
  if (first.kind === "unanswered") return { claims: [], reason: failed("no answer", first) };
  const claims = claimsIn(first.value, shown);
  const named = `${first.value.findings.length} claims, ${claims.length} with an exact quote`;
  if (claims.length === 0) return { claims, reason: named };
  const second = await model.ask(refuteQuestion(shown, claims));
  if (second.kind === "unanswered") return { claims: [], reason: failed(`${named}, and none was checked`, second) };
  const held = standing(claims, second.value);
  return { claims: held, reason: `${named}, ${held.length} not refuted` };
}

function failed(what: string, answer: Answer<unknown> & { readonly kind: "unanswered" }): string {
  return `${what}: ${answer.failure}`;
}

/** Lines with findings of rules, or with decisions of people, are left out. */
function freshOf(claims: readonly Claim[], { found, subject, key }: SecondReading): readonly Finding[] {
  const known = new Set(subject.known.flatMap(({ fingerprint, state }) => (state === "fixed" ? [] : [fingerprint])));
  return claims
    .filter(({ line }) => !found.some((other) => other.path === line.path && other.line === line.line))
    .map(({ kind, line }) => findingOf(kind, line, key))
    .filter(({ fingerprint }) => !known.has(fingerprint));
}

/** A model does not repeat itself reliably, so a claim stays until its line is gone. */
function stillThere({ subject, inspections, key }: SecondReading): readonly Finding[] {
  return subject.known.flatMap(({ rule, path, fingerprint, state }) => {
    const kind = kindOf(rule);
    const file = subject.change.files.find((one) => one.path === path);
    if (kind === null || !file || state === "fixed") return [];
    const line = addedLines(file).find((one) => fingerprintOf(kind, { path: file.path, ...one }, key) === fingerprint);
    if (!line) return [];
    const finding = findingOf(kind, { path: file.path, ...line }, key);
    return [mayHoldSecret(inspections.get(file.path), line.line) ? { ...finding, quote: null } : finding];
  });
}

interface Place {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/** Never above a notice: text in a change must not be able to fail a check through a model. */
function findingOf(kind: Kind, place: Place, key: string): Finding {
  const { path, line, text } = place;
  return {
    rule: `${MODEL_RULE}${kind}`,
    severity: "notice",
    source: "model",
    says: KINDS[kind],
    why: WHY,
    path,
    line,
    endLine: line,
    quote: text.replace(/\r$/, ""),
    replacement: null,
    fingerprint: fingerprintOf(kind, place, key),
  };
}

function fingerprintOf(kind: Kind, { path, line, text }: Place, key: string): string {
  const match = { path, line, says: say`` };
  return fingerprintsOf([{ rule: `${MODEL_RULE}${kind}`, match, text }], key)[0] ?? "";
}

function kindOf(rule: string): Kind | null {
  const name = rule.startsWith(MODEL_RULE) ? rule.slice(MODEL_RULE.length) : "";
  return isKind(name) ? name : null;
}

function isKind(name: string): name is Kind {
  return Object.hasOwn(KINDS, name);
}
