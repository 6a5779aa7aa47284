import type { Course } from "../../src/reports/dora/judge.js";
import { figuresBetween, type Spread } from "../../src/reports/dora/figures.js";
import { HOUR } from "./world.js";

const YEAR = 365 * 24 * HOUR;

/** The figures of a course on one line, as the scripted histories write them. */
export function lineOf(course: Course, window: number): string {
  const first = course.judged[0]?.attempt.at ?? 0;
  const figures = figuresBetween(course, { from: first - YEAR, to: first + YEAR, window, now: first + YEAR });
  const { leadTime, failRate, recoveryTime, reworkRate, successRate } = figures;
  const failed = course.judged.filter(({ failure }) => failure !== null);
  const names = failed
    .map(({ attempt }) => Number(attempt.rows[0].key.replace(/\D+/g, "")) % 10_000)
    .toSorted((a, b) => a - b);
  const unknown = leadTime.unknown;
  const parts: readonly (readonly [string, string | null])[] = [
    ["deploys", String(figures.deployments)],
    ["lead", spread(leadTime, true)],
    ["first", some(unknown["first deployment"])],
    ["gaps", some(unknown["commits not stored"])],
    ["nocommit", some(unknown["first commit not known"])],
    ["fail", `${failRate.part}/${failRate.of}${names.length === 0 ? "" : `[${names.join(",")}]`}`],
    ["recover", spread(recoveryTime, false)],
    ["open", some(recoveryTime.open)],
    ["rework", `${reworkRate.part}/${reworkRate.of}`],
    ["success", `${successRate.part}/${successRate.of}`],
    ["unfinished", some(successRate.unfinished)],
  ];
  return parts
    .flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`]))
    .toSorted()
    .join(" ");
}

function some(count: number | undefined): string | null {
  return count === undefined || count === 0 ? null : String(count);
}

function spread({ median, p90, samples }: Spread, both: boolean): string {
  if (median === null || p90 === null) return "-";
  return `${median / HOUR}${both ? `/${p90 / HOUR}` : ""}(${samples})`;
}
