import type { Change } from "./changes/table.js";
import type { Organisation } from "./organisation.js";
export interface RandomChangesOptions {
  readonly seed: number;
  readonly count: number;
}
export function randomChanges(
  _organisation: Organisation,
  _options: RandomChangesOptions,
  _advance: (seconds: number) => void,
): Change[] {
  return [];
}
