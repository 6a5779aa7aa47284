import type { HealthState } from "./level.js";

/** The state of a figure that is worse the higher it is. */
export function bandOf(value: number, band: { readonly degraded: number; readonly unhealthy: number }): HealthState {
  if (value >= band.unhealthy) return "unhealthy";
  return value >= band.degraded ? "degraded" : "healthy";
}
