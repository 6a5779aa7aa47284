import { z } from "zod";
import { type Effect, effectSchema } from "../effects/effect.js";
import { canonicalJson } from "../effects/intent.js";

const schema = z.object({
  effects: z.array(effectSchema),
  /** Effects that the installation did not permit. */
  leftOut: z.array(effectSchema).default([]),
  /** The result for the answer to a command. */
  notes: z.array(z.string()).default([]),
});

/** A decision as stored in its run, without the agent's own part: everything that applying it needs. */
export interface StoredDecision {
  readonly effects: readonly Effect[];
  readonly leftOut: readonly Effect[];
  readonly notes: readonly string[];
}

export function writeDecision(decision: StoredDecision, details: object): string {
  return canonicalJson({ ...details, ...decision });
}

/** Null: this version cannot read it. */
export function readDecision(stored: unknown): StoredDecision | null {
  return schema.safeParse(stored).data ?? null;
}
