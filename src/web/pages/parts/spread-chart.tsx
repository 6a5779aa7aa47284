import { scaleLinear, scalePoint } from "d3-scale";
import { line } from "d3-shape";

/** A median and a 90th percentile, and where their samples are; null: no sample. */
export interface SpreadPoint {
  readonly label: string;
  readonly title: string;
  readonly median: number | null;
  readonly p90: number | null;
  readonly href: string;
}

const [WIDTH, HEIGHT] = [1_200, 180];
const MARGIN = { top: 12, right: 16, bottom: 22, left: 52 };

/** Medians as points that link to their samples, with the way up to the 90th percentile. The table says the same. */
export function SpreadChart({
  title,
  points,
  every,
}: {
  title: string;
  points: readonly SpreadPoint[];
  every: number;
}) {
  const most = Math.max(1e-9, ...points.map(({ p90 }) => p90 ?? 0));
  const x = scalePoint<number>()
    .domain(points.map((_point, index) => index))
    .range([MARGIN.left, WIDTH - MARGIN.right])
    .padding(0.5);
  const y = scaleLinear()
    .domain([0, most])
    .nice(4)
    .range([HEIGHT - MARGIN.bottom, MARGIN.top]);
  const path = line<SpreadPoint>()
    .defined(({ median }) => median !== null)
    .x((_point, index) => x(index) ?? 0)
    .y(({ median }) => y(median ?? 0))([...points]);
  return (
    <svg class="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="group" aria-label={title}>
      {y.ticks(4).map((tick) => (
        <>
          <line class="axis" x1={MARGIN.left} x2={WIDTH - MARGIN.right} y1={y(tick)} y2={y(tick)} />
          <text x={MARGIN.left - 6} y={y(tick) + 4} text-anchor="end">
            {`${tick.toLocaleString("en-US")} h`}
          </text>
        </>
      ))}
      {path === null ? null : <path class="along" d={path} />}
      {points.map((point, index) => {
        const at = x(index) ?? 0;
        const { median, p90, href } = point;
        return (
          <>
            {median === null || p90 === null ? null : (
              <a href={href} aria-label={point.title}>
                <title>{point.title}</title>
                <rect class="ok spread" x={at - 1} y={y(p90)} width="2" height={Math.max(0, y(median) - y(p90))} />
                <rect class="ok" x={at - 5} y={y(median) - 5} width="10" height="10" rx="5" />
              </a>
            )}
            {index % every === 0 ? (
              <text x={at} y={HEIGHT - 6} text-anchor="middle">
                {point.label}
              </text>
            ) : null}
          </>
        );
      })}
    </svg>
  );
}
