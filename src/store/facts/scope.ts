import type { Guard } from "./table.js";

/** The installation of the facts, and the time of storing. */
export interface FactScope {
  readonly installationId: bigint;
  readonly now: Date;
  /** For one test only: it proves that the property test depends on this guard. */
  readonly without?: Guard;
}
