import type { Guard } from "./table.js";

/** Whose facts they are, and when they are stored. */
export interface FactScope {
  readonly installationId: bigint;
  readonly now: Date;
  /** Only for the test that proves that the property test sees this guard. */
  readonly without?: Guard;
}
