import type { Json } from "../domain.js";
import type { Effect } from "../effects/effect.js";

/** What an agent wants done, and why. No effects is a decision too: `reason` says why there are none. */
export interface Decision {
  /** One sentence for people; stored with the run and shown by `explain`. */
  readonly reason: string;
  readonly effects: readonly Effect[];
  /** The id of the reason not to look at the subject; null or left out: the agent looked. */
  readonly skipped?: string | null;
  /** What the agent decided by, for the row of the run. */
  readonly input?: Json;
  /** The agent's own part of the stored decision, JSON, beside the effects. */
  readonly details?: object;
  /** What asking a model came to; null or left out: no model was asked. */
  readonly modelCost?: Json;
}
