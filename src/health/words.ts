/** Seconds for people: `45 s`, `12 min`, `3.5 h`, `2 days`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${Math.round(seconds * 100) / 100} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 360) / 10} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

export function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

/** Seconds from one time to a later one; 0 when it is earlier. */
export function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, (to.getTime() - from.getTime()) / 1000);
}

/** A list for people: the first three, and how many more. */
export function few(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
