/** From best to worst. `unknown`: the check has not been made yet. */
export const STATES = ["healthy", "unknown", "degraded", "unhealthy"] as const;
export type HealthState = (typeof STATES)[number];
/** The states that a check can find. */
export type SeenState = Exclude<HealthState, "unknown">;

/** A state, and whether it raises an alert: a low rate limit is degraded long before it needs one. */
export interface Level {
  readonly state: HealthState;
  readonly alert: boolean;
}

export const UNKNOWN: Level = { state: "unknown", alert: false };

/** The levels from best to worst; a level's rank is its index. */
const LEVELS: readonly Level[] = [
  { state: "healthy", alert: false },
  { state: "degraded", alert: false },
  { state: "degraded", alert: true },
  { state: "unhealthy", alert: true },
];

export function rankOf({ state, alert }: Level): number {
  if (state === "healthy" || state === "unknown") return 0;
  return state === "unhealthy" ? 3 : alert ? 2 : 1;
}

export function levelOf(rank: number): Level {
  return LEVELS[rank] ?? { state: "unhealthy", alert: true };
}

/** The worst of several; healthy when the list is empty. */
export function worstOf<S extends HealthState>(states: readonly S[]): S | "healthy" {
  return states.reduce<S | "healthy">(
    (worst, state) => (STATES.indexOf(state) > STATES.indexOf(worst) ? state : worst),
    "healthy",
  );
}
