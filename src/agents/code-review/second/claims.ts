import { z } from "zod";
import type { Shown } from "./shown.js";
import { type Kind, KINDS } from "./kinds.js";

const kinds = z.enum(Object.keys(KINDS).filter(isKind));

/** The first answer: numbers, words of a list, and a line to be quoted. */
export const claimsAnswer = z.object({
  findings: z.array(z.object({ file: z.int(), line: z.int(), quote: z.string(), kind: kinds })),
});

/** The result of the second pass: the remaining claims. */
export const verdictsAnswer = z.object({
  verdicts: z.array(z.object({ finding: z.int(), verdict: z.enum(["stands", "refuted"]) })),
});

/** A claim about a line that the change adds and that the model has quoted exactly. */
export interface Claim {
  readonly kind: Kind;
  readonly line: Shown["added"][number];
}

/** At least this much: a lone bracket proves no reading. */
const SHORTEST_QUOTE = 4;

/** The claims whose quote equals the line that they name; at most one for each line. The others are dropped. */
export function claimsIn(answer: z.output<typeof claimsAnswer>, shown: Shown): readonly Claim[] {
  const claims = new Map<Shown["added"][number], Claim>();
  for (const { file, line, quote, kind } of answer.findings) {
    const found = shown.added.find((one) => one.file === file && one.line === line);
    const isExact = found?.text.trim() === quote.trim() && quote.trim().length >= SHORTEST_QUOTE;
    if (found && isExact && !claims.has(found)) claims.set(found, { kind, line: found });
  }
  return [...claims.values()];
}

/**
 * The claims that the second pass did not refute. A claim that it does not mention is refuted; repeated verdicts must
 * agree.
 */
export function standing(claims: readonly Claim[], answer: z.output<typeof verdictsAnswer>): readonly Claim[] {
  return claims.filter((_claim, index) => {
    const verdicts = answer.verdicts.filter(({ finding }) => finding === index);
    return verdicts.length > 0 && verdicts.every(({ verdict }) => verdict === "stands");
  });
}

function isKind(name: string): name is Kind {
  return Object.hasOwn(KINDS, name);
}
