import type { Period, Unit } from "../../reports/dora/figures.js";
import type { DoraCourse } from "../../reports/dora/report.js";
import { Box, count, foreign } from "./parts/basics.js";
import { BarChart } from "./parts/chart.js";
import { SpreadChart } from "./parts/spread-chart.js";
import { type Column, Rows, withQuery } from "./parts/table.js";

const HOUR_MS = 3_600_000;
/** How many labels fit below a chart. */
const LABELS = 12;

export function isoDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

export function hours(ms: number | null): string {
  if (ms === null) return "–";
  const value = ms / HOUR_MS;
  return value < 100 ? `${value.toFixed(1)} h` : `${Math.round(value / 24)} d`;
}

export function percent(part: number, of: number): string {
  return of === 0 ? "–" : `${Math.round((100 * part) / of)} %`;
}

function sum(some: Readonly<Record<string, number>>): number {
  return Object.values(some).reduce((total, each) => total + each, 0);
}

/** The metrics of one service in one environment: their figures, charts and the table of the charts. */
export function CourseFigures({ course, url, unit }: { course: DoraCourse; url: URL; unit: Unit }) {
  const { service, environment, total, periods } = course;
  const { leadTime, failRate, recoveryTime, reworkRate, successRate } = total;
  const figures: readonly (readonly [string, string, string])[] = [
    [
      "change lead time",
      hours(leadTime.median),
      spreadWords(leadTime, count(sum(leadTime.unknown), "unknown", "unknown")),
    ],
    ["deployments", String(total.deployments), `in ${count(periods.length, unit)}`],
    ["recovery time", hours(recoveryTime.median), spreadWords(recoveryTime, `${recoveryTime.open} open`)],
    [
      "change fail rate",
      percent(failRate.part, failRate.of),
      `${failRate.part} of ${failRate.of}, ${failRate.undecided} undecided`,
    ],
    ["rework rate", percent(reworkRate.part, reworkRate.of), `${reworkRate.part} of ${reworkRate.of}`],
    [
      "success rate",
      percent(successRate.part, successRate.of),
      `${successRate.part} of ${successRate.of}, ${successRate.unfinished} unfinished`,
    ],
  ];
  const link = ({ from }: Period): string =>
    `${withQuery(url, { service, environment, period: isoDay(from) })}#receipts`;
  const every = Math.max(1, Math.ceil(periods.length / LABELS));
  const label = ({ from }: Period): string => isoDay(from).slice(unit === "month" ? 2 : 5, unit === "month" ? 7 : 10);
  return (
    <>
      <Box title={`${foreign(service, 100)} in ${foreign(environment, 60)}`}>
        <div class="figures">
          {figures.map(([name, value, detail]) => (
            <div>
              <b>
                <a href="#receipts">{value}</a>
              </b>
              <span class="small">{name}</span>
              <div class="small muted">{detail}</div>
            </div>
          ))}
        </div>
        {sum(leadTime.unknown) === 0 ? null : (
          <p class="body small muted">
            Not in the lead time:{" "}
            {Object.entries(leadTime.unknown)
              .map(([reason, times]) => `${reason} (${times})`)
              .join(", ")}
            .
          </p>
        )}
      </Box>
      <Box title={`Deployments by ${unit}`} end={<span class="small muted">red: failed later</span>}>
        <div class="scroll" tabindex={0} role="region" aria-label={`Chart of deployments by ${unit}`}>
          <BarChart
            title={`Deployments by ${unit}`}
            every={every}
            bars={periods.map((period) => ({
              label: label(period),
              title: `${isoDay(period.from)}: ${count(period.figures.deployments, "deployment")}, ${period.figures.failRate.part} failed`,
              value: period.figures.deployments,
              bad: period.figures.failRate.part,
              along: null,
              href: link(period),
            }))}
          />
        </div>
      </Box>
      <Box
        title={`Change lead time by ${unit}`}
        end={<span class="small muted">median, up to the 90th percentile</span>}
      >
        <div class="scroll" tabindex={0} role="region" aria-label={`Chart of lead times by ${unit}`}>
          <SpreadChart
            title={`Change lead time by ${unit}`}
            every={every}
            points={periods.map((period) => {
              const { median, p90, samples } = period.figures.leadTime;
              return {
                label: label(period),
                title: `${isoDay(period.from)}: median ${hours(median)}, p90 ${hours(p90)}, ${count(samples, "change")}`,
                median: median === null ? null : median / HOUR_MS,
                p90: p90 === null ? null : p90 / HOUR_MS,
                href: link(period),
              };
            })}
          />
        </div>
        <details>
          <summary class="body">The figures of both charts</summary>
          <Rows caption={`The figures by ${unit}`} columns={periodColumns(link)} rows={periods.toReversed()} />
        </details>
      </Box>
    </>
  );
}

function spreadWords(
  { p90, samples }: { readonly p90: number | null; readonly samples: number },
  rest: string,
): string {
  return `p90 ${hours(p90)}, ${count(samples, "sample")}, ${rest}`;
}

function periodColumns(link: (period: Period) => string): readonly Column<Period>[] {
  const figure = (name: string, show: (period: Period) => string | number): Column<Period> => ({
    label: name,
    class: "num",
    show,
    csv: show,
  });
  return [
    {
      label: "From",
      class: "nowrap",
      show: (period) => <a href={link(period)}>{isoDay(period.from)}</a>,
      csv: ({ from }) => isoDay(from),
    },
    figure("Deployments", ({ figures }) => figures.deployments),
    figure("Lead time", ({ figures }) => hours(figures.leadTime.median)),
    figure("p90", ({ figures }) => hours(figures.leadTime.p90)),
    figure("Changes", ({ figures }) => figures.leadTime.samples),
    figure("Unknown", ({ figures }) => sum(figures.leadTime.unknown)),
    figure("Failed", ({ figures }) => figures.failRate.part),
    figure("Recovery", ({ figures }) => hours(figures.recoveryTime.median)),
    figure("Rework", ({ figures }) => figures.reworkRate.part),
    figure("Attempts", ({ figures }) => figures.successRate.of),
    figure("Unfinished", ({ figures }) => figures.successRate.unfinished),
  ];
}
