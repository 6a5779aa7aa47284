import { z } from "zod";
import { type Effect, effectSchema } from "../effects/effect.js";
import { canonicalJson } from "../effects/intent.js";

const schema = z.object({
  effects: z.array(effectSchema),
  /** What the installation did not permit. */
  leftOut: z.array(effectSchema).default([]),
  /** For an answer: what came of it. */
  notes: z.array(z.string()).default([]),
});

/** A decision as its run keeps it, beside the agent's own part: everything that carrying it out takes. */
export interface StoredDecision {
  readonly effects: readonly Effect[];
  readonly leftOut: readonly Effect[];
  readonly notes: readonly string[];
}

export function writeDecision(decision: StoredDecision, details: object): string {
  return canonicalJson({ ...details, ...decision });
}

/** Null: this version cannot read it any more. */
export function readDecision(stored: unknown): StoredDecision | null {
  return schema.safeParse(stored).data ?? null;
}
