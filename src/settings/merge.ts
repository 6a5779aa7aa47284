import { z } from "zod";
import type { Layer } from "./parse.js";

const object = z.record(z.string(), z.json());
type Value = z.output<ReturnType<typeof z.json>>;

/**
 * Merges files, the most general first. Maps are merged key by key; a list or a value replaces the more general one,
 * and so does an entry of a map named in `replaced`. Each layer has passed the schema alone, and so does every merge of
 * two.
 */
export function mergeLayers(layers: readonly Layer[], replaced: ReadonlySet<string>): Value {
  return layers.reduce<Value>((below, above) => over(below, above, "", replaced), {});
}

function over(below: Value, above: Value, name: string, replaced: ReadonlySet<string>): Value {
  const [low, high] = [objectOf(below), objectOf(above)];
  if (!low || !high) return above;
  const merged = new Map(Object.entries(low));
  for (const [key, value] of Object.entries(high)) {
    const under = merged.get(key);
    merged.set(key, under === undefined || replaced.has(name) ? value : over(under, value, key, replaced));
  }
  return Object.fromEntries(merged);
}

function objectOf(value: Value): Readonly<Record<string, Value>> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? object.parse(value) : null;
}
