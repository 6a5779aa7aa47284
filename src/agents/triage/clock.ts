/** When people work, in UTC. */
export interface WorkingHours {
  /** Hours of the day, 0 to 24. */
  readonly from: number;
  readonly to: number;
  /** 0 is Sunday. */
  readonly days: readonly number[];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How far back working hours are counted (days). An older issue is overdue in any case. */
const MOST_DAYS = 370;

/** The working hours between two times. */
export function workingHoursBetween(start: Date, end: Date, { from, to, days }: WorkingHours): number {
  let sum = 0;
  const first = Math.max(start.getTime(), end.getTime() - MOST_DAYS * DAY_MS);
  for (let day = Math.floor(first / DAY_MS) * DAY_MS; day < end.getTime(); day += DAY_MS) {
    if (!days.includes(new Date(day).getUTCDay())) continue;
    const opens = Math.max(first, day + from * HOUR_MS);
    const closes = Math.min(end.getTime(), day + to * HOUR_MS);
    sum += Math.max(0, closes - opens);
  }
  return sum / HOUR_MS;
}

/** The response goal of an issue: the strictest of its labels, else the one for all; null: none. In working hours. */
export function goalFor(
  labels: readonly string[],
  { hours, byLabel }: { readonly hours: number | null; readonly byLabel: Readonly<Record<string, number>> },
): number | null {
  const goals = Object.entries(byLabel).flatMap(([name, goal]) =>
    labels.some((label) => label.toLowerCase() === name.toLowerCase()) ? [goal] : [],
  );
  return goals.length > 0 ? Math.min(...goals) : hours;
}
