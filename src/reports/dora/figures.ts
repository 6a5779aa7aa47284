import type { Attempt } from "./attempts.js";
import type { Arrival, Course, Judged, Unknown } from "./judge.js";

/** The median and the 90th percentile by nearest rank: each is one of its samples, and so has a receipt. */
export interface Spread {
  readonly median: number | null;
  readonly p90: number | null;
  readonly samples: number;
}

/** A part of a whole. */
export interface Share {
  readonly part: number;
  readonly of: number;
}

/** The metrics of one service, one environment and one period. Durations in milliseconds. */
export interface Figures {
  /** Change lead time: from the first commit of a change to its first deployment. */
  readonly leadTime: Spread & { readonly unknown: Readonly<Record<string, number>> };
  /** Deployment frequency: successful deployments. */
  readonly deployments: number;
  /** Failed deployment recovery time; `open`: not recovered. */
  readonly recoveryTime: Spread & { readonly open: number };
  /** Change fail rate; `undecided`: deployments whose time for a failure to show has not ended. */
  readonly failRate: Share & { readonly undecided: number };
  /** Deployment rework rate. */
  readonly reworkRate: Share;
  /** Deployment success rate, of the attempts that ended. */
  readonly successRate: Share & { readonly unfinished: number };
}

export interface Period {
  /** The start of the period, in UTC. */
  readonly from: number;
  readonly to: number;
  readonly figures: Figures;
  readonly judged: readonly Judged[];
  readonly failed: readonly Attempt[];
  readonly unfinished: readonly Attempt[];
}

export const UNITS = ["day", "week", "month"] as const;
export type Unit = (typeof UNITS)[number];

const DAY_MS = 24 * 60 * 60_000;

/** The period of a time; weeks begin on Monday. All in UTC. */
export function periodOf(at: number, unit: Unit): { readonly from: number; readonly to: number } {
  const date = new Date(at);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  if (unit === "month") return { from: Date.UTC(year, month, 1), to: Date.UTC(year, month + 1, 1) };
  const day = Date.UTC(year, month, date.getUTCDate());
  if (unit === "day") return { from: day, to: day + DAY_MS };
  const monday = day - ((date.getUTCDay() + 6) % 7) * DAY_MS;
  return { from: monday, to: monday + 7 * DAY_MS };
}

/** Every period between two times, including those without a deployment. */
export function periodsOf(
  course: Course,
  { from, to, unit, window, now }: Span & { readonly unit: Unit },
): readonly Period[] {
  const parts = new Map<number, { judged: Judged[]; failed: Attempt[]; unfinished: Attempt[] }>();
  const bounds: { readonly from: number; readonly to: number }[] = [];
  for (let period = periodOf(from, unit); period.from < to; period = periodOf(period.to, unit)) {
    bounds.push(period);
    parts.set(period.from, { judged: [], failed: [], unfinished: [] });
  }
  const put = (at: number, add: (part: { judged: Judged[]; failed: Attempt[]; unfinished: Attempt[] }) => void) => {
    if (at < from || at >= to) return;
    const part = parts.get(periodOf(at, unit).from);
    if (part) add(part);
  };
  for (const each of course.judged) put(each.attempt.at, (part) => part.judged.push(each));
  for (const each of course.failed) put(each.at, (part) => part.failed.push(each));
  for (const each of course.unfinished) put(each.at, (part) => part.unfinished.push(each));
  return bounds.map((period) => {
    const part = parts.get(period.from) ?? { judged: [], failed: [], unfinished: [] };
    return { ...period, ...part, figures: figuresOf(part, { window, now }) };
  });
}

export interface Span {
  readonly from: number;
  readonly to: number;
  readonly window: number;
  readonly now: number;
}

/** The figures between two times. */
export function figuresBetween(course: Course, { from, to, window, now }: Span): Figures {
  const isIn = (at: number): boolean => at >= from && at < to;
  return figuresOf(
    {
      judged: course.judged.filter(({ attempt }) => isIn(attempt.at)),
      failed: course.failed.filter(({ at }) => isIn(at)),
      unfinished: course.unfinished.filter(({ at }) => isIn(at)),
    },
    { window, now },
  );
}

function figuresOf(
  { judged, failed, unfinished }: Pick<Period, "judged" | "failed" | "unfinished">,
  { window, now }: Pick<Span, "window" | "now">,
): Figures {
  const arrivals = judged.flatMap((each) => each.arrivals ?? []);
  const failures = judged.flatMap(({ failure, attempt }) => (failure ? [{ ...failure, at: attempt.at }] : []));
  return {
    leadTime: { ...spreadOf(arrivals.flatMap(({ lead }) => lead ?? [])), unknown: unknownOf(judged, arrivals) },
    deployments: judged.length,
    recoveryTime: {
      ...spreadOf(failures.flatMap(({ recoveredAt, at }) => (recoveredAt === null ? [] : [recoveredAt - at]))),
      open: failures.filter(({ recoveredAt }) => recoveredAt === null).length,
    },
    failRate: {
      part: failures.length,
      of: judged.length,
      undecided: judged.filter(({ failure, attempt }) => failure === null && attempt.at + window > now).length,
    },
    reworkRate: { part: judged.filter(({ rework }) => rework !== null).length, of: judged.length },
    successRate: { part: judged.length, of: judged.length + failed.length, unfinished: unfinished.length },
  };
}

const NO_FIRST_COMMIT = "first commit not known";

/** Deployments with unknown changes, and changes with an unknown first commit. */
function unknownOf(judged: readonly Judged[], arrivals: readonly Arrival[]): Readonly<Record<string, number>> {
  const counted: Partial<Record<Unknown | typeof NO_FIRST_COMMIT, number>> = {};
  for (const { unknown } of judged) if (unknown !== null) counted[unknown] = (counted[unknown] ?? 0) + 1;
  const starts = arrivals.filter(({ lead }) => lead === null).length;
  return starts === 0 ? counted : { ...counted, [NO_FIRST_COMMIT]: starts };
}

/** By nearest rank: of n samples the median is the one at ⌈n/2⌉, the 90th percentile the one at ⌈0.9 n⌉. */
export function spreadOf(samples: readonly number[]): Spread {
  const sorted = Float64Array.from(samples).sort();
  const at = (part: number): number | null => sorted[Math.ceil(part * sorted.length) - 1] ?? null;
  return { median: at(0.5), p90: at(0.9), samples: sorted.length };
}
