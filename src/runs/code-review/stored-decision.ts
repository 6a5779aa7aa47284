import { z } from "zod";
import { type Effect, effectSchema } from "../../effects/effect.js";
import { canonicalJson } from "../../effects/intent.js";

const schema = z.object({
  effects: z.array(effectSchema),
  /** Fingerprints of findings that are gone. */
  fixed: z.array(z.string()),
  /** For an answer: what came of it. */
  notes: z.array(z.string()).default([]),
});

/** A decision as its run keeps it: everything that carrying it out takes. */
export interface StoredDecision {
  readonly effects: readonly Effect[];
  readonly fixed: readonly string[];
  readonly notes: readonly string[];
}

export function writeDecision(decision: StoredDecision, more: object): string {
  return canonicalJson({ ...more, ...decision });
}

/** Null: this version cannot read it any more. */
export function readDecision(stored: unknown): StoredDecision | null {
  return schema.safeParse(stored).data ?? null;
}
