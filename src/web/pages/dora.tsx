import { InvalidError } from "../../errors.js";
import { type Unit, UNITS } from "../../reports/dora/figures.js";
import { deliveriesOf, type DoraCourse, doraReport, type DoraReport } from "../../reports/dora/report.js";
import { csvLines, spanOf } from "../../reports/dora/shape.js";
import { CourseFigures, hours, isoDay, percent } from "./dora-course.js";
import { Receipts } from "./dora-receipts.js";
import { live } from "./layout.js";
import type { Answer, PageContext } from "./page.js";
import { Box, Empty, foreign } from "./parts/basics.js";
import { Choice, Filters, isFiltered, TextField } from "./parts/filters.js";
import { type Column, csvLine, given, Rows, withQuery } from "./parts/table.js";

const FILTERS = ["repository", "service", "environment", "unit"];

/** The DORA metrics; each figure links to its deployments. */
export async function dora(context: PageContext): Promise<Answer> {
  const { url, now } = context;
  const unit = unitOf(given(url, "unit"));
  const asked = {
    repository: given(url, "repository") ?? null,
    service: given(url, "service") ?? null,
    environment: given(url, "environment") ?? null,
  };
  const since = given(url, "period");
  const { report, shown, period, told } = await context.read(async ({ sql }) => {
    const made = await doraReport(sql, { ...asked, unit, ...spanOf(unit, now), now });
    const course = made.courses.find(({ production }) => production) ?? made.courses[0] ?? null;
    const chosen = course?.periods.find(({ from }) => isoDay(from) === since) ?? null;
    const judged = chosen?.judged ?? course?.periods.flatMap((each) => each.judged) ?? [];
    return { report: made, shown: course, period: chosen, told: await deliveriesOf(sql, judged.slice(-RECEIPTS)) };
  });
  if (url.searchParams.get("format") === "csv")
    return { filename: "dora.csv", csv: `${csvLines(report).map(csvLine).join("\r\n")}\r\n` };
  return {
    title: "DORA metrics",
    body: (
      <div class="stack">
        <div class="title">
          <div>
            <h1>DORA metrics</h1>
            <p class="muted">
              Five metrics of each service and environment, by median and 90th percentile. Every figure opens to its
              deployments.
            </p>
          </div>
        </div>
        <Filters action="/dora" active={isFiltered(url, FILTERS)}>
          <TextField name="repository" label="Repository" url={url} hint="owner/name" />
          <TextField name="service" label="Service" url={url} />
          <TextField name="environment" label="Environment" url={url} hint="production" />
          <Choice
            name="unit"
            label="Period"
            url={url}
            options={[
              ["", "Week"],
              ["day", "Day"],
              ["month", "Month"],
            ]}
          />
        </Filters>
        {shown === null ? (
          <div class="box">
            <Empty icon="graph" title="No deployment to measure">
              The figures begin with the second successful deployment of an environment. Check the filters, or ask for a
              sync.
            </Empty>
          </div>
        ) : (
          <div {...live(context, "dora", ["deployments"])} class="stack">
            <Courses report={report} url={url} />
            <CourseFigures course={shown} url={url} unit={unit} />
            <Receipts
              judged={(period?.judged ?? shown.periods.flatMap((each) => each.judged)).slice(-RECEIPTS)}
              title={period === null ? "Deployments" : `Deployments from ${isoDay(period.from)}`}
              report={report}
              told={told}
              context={context}
            />
          </div>
        )}
      </div>
    ),
  };
}

const RECEIPTS = 100;

function unitOf(text: string | undefined): Unit {
  const unit = UNITS.find((each) => each === (text ?? "week"));
  if (unit === undefined) throw new InvalidError(`The period is "${text ?? ""}"; it must be day, week or month.`);
  return unit;
}

function Courses({ report, url }: { report: DoraReport; url: URL }) {
  const columns: readonly Column<DoraCourse>[] = [
    {
      label: "Service",
      class: "wide",
      show: ({ service, environment, production }) => (
        <>
          <a href={withQuery(url, { service, environment, period: null })}>{foreign(service, 100)}</a>
          <div class="small muted">
            {foreign(environment, 60)}{" "}
            {production && environment.toLowerCase() !== "production" ? <span class="pill">production</span> : null}
          </div>
        </>
      ),
      csv: ({ service }) => service,
    },
    {
      label: "Deployments",
      class: "num",
      show: ({ total }) => total.deployments,
      csv: ({ total }) => total.deployments,
    },
    {
      label: "Lead time",
      class: "num",
      show: ({ total: { leadTime } }) => hours(leadTime.median),
      csv: ({ total: { leadTime } }) => leadTime.median,
    },
    {
      label: "Change fail rate",
      class: "num",
      show: ({ total: { failRate } }) => percent(failRate.part, failRate.of),
      csv: ({ total: { failRate } }) => failRate.part,
    },
    {
      label: "Recovery time",
      class: "num",
      show: ({ total: { recoveryTime } }) => hours(recoveryTime.median),
      csv: ({ total: { recoveryTime } }) => recoveryTime.median,
    },
    {
      label: "Rework rate",
      class: "num",
      show: ({ total: { reworkRate } }) => percent(reworkRate.part, reworkRate.of),
      csv: ({ total: { reworkRate } }) => reworkRate.part,
    },
  ];
  return (
    <Box
      title="Services"
      end={
        <a class="small" href={withQuery(url, { format: "csv", period: null })}>
          Export CSV
        </a>
      }
    >
      <Rows caption="Services and environments" columns={columns} rows={report.courses.slice(0, RECEIPTS)} />
    </Box>
  );
}
