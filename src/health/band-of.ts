import type { SeenState } from "./level.js";

/** The state of a value for which higher is worse. */
export function bandOf(value: number, band: { readonly degraded: number; readonly unhealthy: number }): SeenState {
  if (value >= band.unhealthy) return "unhealthy";
  return value >= band.degraded ? "degraded" : "healthy";
}
