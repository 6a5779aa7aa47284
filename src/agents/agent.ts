import type { Json } from "../domain.js";
import type { Effect } from "../effects/effect.js";

/** An agent's decision and its reason. It may have no effects; `reason` then explains why. */
export interface Decision {
  /** One sentence for people; stored with the run and shown by `explain`. */
  readonly reason: string;
  readonly effects: readonly Effect[];
  /** The id of the reason to skip the subject; null or absent: not skipped. */
  readonly skipped?: string | null;
  /** The inputs of the decision, for the run's row. */
  readonly input?: Json;
  /** The agent's own part of the stored decision (JSON), beside the effects. */
  readonly details?: object;
  /** The cost of the model; null or absent: no model was used. */
  readonly modelCost?: Json;
}
