import type { Question } from "../../model/model.js";
import { aboutUntrusted, untrusted } from "../../model/untrusted.js";
import type { z } from "zod";
import { type Claim, claimsAnswer, verdictsAnswer } from "./claims.js";
import { KINDS } from "./kinds.js";
import type { Shown } from "./shown.js";

const MOST_OUTPUT_TOKENS = 4_000;
const FORM = "A line reads `+12: text` when the change adds it, and begins with a space when it was there before.";

/** The first question: which problems do these lines have? */
export function findQuestion({ text }: Shown): Question<z.output<typeof claimsAnswer>> {
  const material = untrusted(text);
  return {
    purpose: "review: find",
    system: [
      "You look for defects in a change of source code. Name only defects that you are certain of from these lines alone,",
      "at most five, the gravest first; none is a good answer. No style, no naming, no advice.",
      `Kinds: ${Object.keys(KINDS).join(", ")}.`,
      'JSON: {"findings": [{"file": number, "line": number, "quote": the whole text of that added line, "kind": kind}]}',
      FORM,
      aboutUntrusted(material),
    ].join("\n"),
    prompt: material.text,
    schema: claimsAnswer,
    maxOutputTokens: MOST_OUTPUT_TOKENS,
  };
}

/** The second question: can the claims be refuted? It contains only numbers and kinds of the first answer. */
export function refuteQuestion({ text }: Shown, claims: readonly Claim[]): Question<z.output<typeof verdictsAnswer>> {
  const material = untrusted(text);
  return {
    purpose: "review: refute",
    system: [
      "Somebody claims defects in a change of source code. Try to refute each one: look for the reason why the code is",
      "right as it is. Only what you cannot refute stands.",
      ...claims.map(({ kind, line }, index) => `Finding ${index}: ${kind} in file ${line.file}, line ${line.line}.`),
      'JSON: {"verdicts": [{"finding": number, "verdict": "stands" or "refuted"}]}',
      FORM,
      aboutUntrusted(material),
    ].join("\n"),
    prompt: material.text,
    schema: verdictsAnswer,
    maxOutputTokens: MOST_OUTPUT_TOKENS,
  };
}
