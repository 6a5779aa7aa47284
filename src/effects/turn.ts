import type { Effect } from "./effect.js";
import { kindOf } from "../errors.js";
import type { EffectResult } from "./writer.js";

/**
 * Applies one after the other. A passing failure ends it; a final one (gone, invalid, forbidden) lets the others go first.
 * @throws the first failure.
 */
export async function inTurn(
  effects: readonly Effect[],
  apply: (effect: Effect) => Promise<EffectResult>,
): Promise<readonly EffectResult[]> {
  const results: EffectResult[] = [];
  const failures: unknown[] = [];
  for (const effect of effects) {
    try {
      results.push(await apply(effect));
    } catch (error) {
      if (!isFinal(error)) throw error;
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return results;
}

function isFinal(error: unknown): boolean {
  const kind = kindOf(error);
  return kind === "gone" || kind === "invalid" || kind === "forbidden";
}
