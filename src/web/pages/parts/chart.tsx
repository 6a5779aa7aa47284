import { scaleBand, scaleLinear } from "d3-scale";
import { line } from "d3-shape";

/** One bar: its height, its failed part, and the link to its rows. */
export interface Bar {
  readonly label: string;
  readonly title: string;
  readonly value: number;
  readonly bad: number;
  /** A second value on its own scale, drawn as a line; null: a gap. */
  readonly along: number | null;
  readonly href: string;
}

/** Two sizes of one chart, because text in an SVG scales with it; the style sheet shows the fitting one. */
const SIZES = [
  { look: "chart", width: 1_200, height: 180, sparse: 1 },
  { look: "chart slim", width: 340, height: 150, sparse: 2 },
] as const;
const MARGIN = { top: 8, right: 8, bottom: 22, left: 36 };

/** Bars that link to their rows. The table beside it has the same numbers. */
export function BarChart(chart: { title: string; bars: readonly Bar[]; every: number }) {
  return (
    <>
      {SIZES.map((size) => (
        <SizedChart {...chart} {...size} />
      ))}
    </>
  );
}

function SizedChart({
  title,
  bars,
  every,
  look,
  width,
  height,
  sparse,
}: Parameters<typeof BarChart>[0] & (typeof SIZES)[number]) {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const x = scaleBand<number>()
    .domain(bars.map((_bar, index) => index))
    .range([MARGIN.left, width - MARGIN.right])
    .paddingInner(0.15);
  const y = scaleLinear()
    .domain([0, most])
    .nice(4)
    .range([height - MARGIN.bottom, MARGIN.top]);
  const along = scaleLinear()
    .domain([0, Math.max(1, ...bars.map((bar) => bar.along ?? 0))])
    .range([height - MARGIN.bottom, MARGIN.top + 20]);
  const path = line<Bar>()
    .defined((bar) => bar.along !== null)
    .x((_bar, index) => (x(index) ?? 0) + x.bandwidth() / 2)
    .y((bar) => along(bar.along ?? 0))([...bars]);
  const base = y(0);
  return (
    <svg class={look} viewBox={`0 0 ${width} ${height}`} role="group" aria-label={title}>
      {y
        .ticks(4)
        .filter(Number.isInteger)
        .map((tick) => (
          <>
            <line class="axis" x1={MARGIN.left} x2={width - MARGIN.right} y1={y(tick)} y2={y(tick)} />
            <text x={MARGIN.left - 6} y={y(tick) + 4} text-anchor="end">
              {tick.toLocaleString("en-US")}
            </text>
          </>
        ))}
      {bars.map((bar, index) => {
        const left = x(index) ?? 0;
        const [top, bad] = [y(bar.value), y(bar.bad)];
        return (
          <>
            {bar.value === 0 ? null : (
              <a href={bar.href} aria-label={bar.title}>
                <title>{bar.title}</title>
                <rect class="ok" x={left} y={top} width={x.bandwidth()} height={Math.max(1, base - top)} rx="1" />
                {bar.bad === 0 ? null : (
                  <rect class="bad" x={left} y={bad} width={x.bandwidth()} height={base - bad} rx="1" />
                )}
              </a>
            )}
            {index % (every * sparse) === 0 ? (
              <text
                x={index === bars.length - 1 ? width : left + x.bandwidth() / 2}
                y={height - 6}
                text-anchor={index === bars.length - 1 ? "end" : "middle"}
              >
                {bar.label}
              </text>
            ) : null}
          </>
        );
      })}
      {path === null ? null : <path class="along" d={path} />}
    </svg>
  );
}

/** A bar for a remaining share; full at 1. */
export function Meter({ share, label }: { share: number; label: string }) {
  const tone = share < 0.1 ? "bad" : share < 0.2 ? "warn" : "";
  return (
    <div
      class={`meter ${tone}`}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
    >
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect width={Math.round(share * 1000) / 10} height="8" />
      </svg>
    </div>
  );
}
