import { z } from "zod";
import type { Layer } from "./parse.js";
import { settingsSchema, type Settings } from "./schema.js";

/**
 * The settings that hold: the organisation's file below, the repository's above it. Maps are merged key by key; a list
 * or a value above replaces the one below, and so does a custom rule as a whole. Each layer alone has passed the schema,
 * and so does every merge of two.
 */
export function mergeLayers(...layers: readonly Layer[]): Settings {
  return settingsSchema.parse(layers.reduce<Value>((below, above) => over(below, above, ""), {}));
}

const object = z.record(z.string(), z.json());
type Value = z.output<ReturnType<typeof z.json>>;

function over(below: Value, above: Value, name: string): Value {
  const [low, high] = [objectOf(below), objectOf(above)];
  if (!low || !high) return above;
  const merged = new Map(Object.entries(low));
  for (const [key, value] of Object.entries(high)) {
    const under = merged.get(key);
    merged.set(key, under === undefined || name === "customRules" ? value : over(under, value, key));
  }
  return Object.fromEntries(merged);
}

function objectOf(value: Value): Readonly<Record<string, Value>> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? object.parse(value) : null;
}
