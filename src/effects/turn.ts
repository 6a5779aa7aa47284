import type { Effect } from "./effect.js";
import { kindOf } from "../errors.js";
import type { EffectResult } from "./writer.js";

/**
 * Applies effects one after the other. A temporary failure stops; a permanent one (gone, invalid, forbidden) is thrown
 * after the others were tried.
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
