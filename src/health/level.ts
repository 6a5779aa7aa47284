export const STATES = ["healthy", "degraded", "unhealthy"] as const;
/** How a part is. What could not be read says nothing about it, and changes nothing. */
export type HealthState = (typeof STATES)[number];

/** A state, and whether people are to be told of it: the quota is degraded long before it is worth an alert. */
export interface Level {
  readonly state: HealthState;
  readonly alert: boolean;
}

/** The better first; a level's rank is its place. */
const LEVELS: readonly Level[] = [
  { state: "healthy", alert: false },
  { state: "degraded", alert: false },
  { state: "degraded", alert: true },
  { state: "unhealthy", alert: true },
];

export function rankOf({ state, alert }: Level): number {
  if (state === "healthy") return 0;
  return state === "unhealthy" ? 3 : alert ? 2 : 1;
}

export function levelOf(rank: number): Level {
  return LEVELS[rank] ?? { state: "unhealthy", alert: true };
}

/** The worst of several; healthy when there is none. */
export function worstOf(states: readonly HealthState[]): HealthState {
  return STATES[Math.max(0, ...states.map((state) => STATES.indexOf(state)))] ?? "healthy";
}
