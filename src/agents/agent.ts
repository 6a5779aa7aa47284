import type { z } from "zod";
import type { Effect } from "../effects/effect.js";

/** What an agent wants done, and why. No effects is a decision too: `because` says why there are none. */
export interface Decision {
  /** One sentence for people; stored with the run and shown by `explain`. */
  readonly reason: string;
  readonly effects: readonly Effect[];
}

/** Reads facts and returns a decision. Never acts: the effects are applied elsewhere, once, through the ledger. */
export interface Agent<Settings, Subject, D extends Decision = Decision> {
  readonly name: string;
  /** Its section of `.github/companyos.yml`. */
  readonly settings: z.ZodType<Settings>;
  decide(subject: Subject, settings: Settings): Promise<D>;
}
