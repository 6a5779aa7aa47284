import type { SeenState } from "./level.js";

/** The state of a figure that gets worse as it grows. */
export function bandOf(value: number, band: { readonly degraded: number; readonly unhealthy: number }): SeenState {
  if (value >= band.unhealthy) return "unhealthy";
  return value >= band.degraded ? "degraded" : "healthy";
}
