import type { TriageWeek } from "../../store/triage/record.js";
import { Box, Empty } from "./parts/basics.js";
import { BarChart } from "./parts/chart.js";
import { type Column, Rows } from "./parts/table.js";

const counted = (label: string, count: (week: TriageWeek) => number): Column<TriageWeek> => ({
  label,
  class: "num",
  show: count,
  csv: count,
});
const COLUMNS: readonly Column<TriageWeek>[] = [
  { label: "Week", class: "nowrap", show: dayOf, csv: dayOf },
  counted("Confirmed", ({ confirmed }) => confirmed),
  counted("Refused", ({ refused }) => refused),
  counted("Open", ({ open }) => open),
  counted("Missed", ({ missed }) => missed),
  counted("Duplicates found", (week) => week.duplicates_confirmed),
  counted("Duplicates refused", (week) => week.duplicates_refused),
  counted("Duplicates missed", (week) => week.duplicates_missed),
];

/** How right triage was, week by week: a chart, and the same in numbers. */
export function TriageRecord({ weeks }: { weeks: readonly TriageWeek[] }) {
  const bars = weeks.toReversed().map((week) => ({
    label: week.week.toISOString().slice(5, 10),
    title: `Week of ${dayOf(week)}: ${week.confirmed} confirmed, ${week.refused} refused, ${week.missed} missed`,
    value: week.confirmed + week.refused,
    bad: week.refused,
    along: week.missed,
    href: "/agents?agent=triage",
  }));
  return (
    <Box title="How right triage was">
      {weeks.length === 0 ? (
        <Empty icon="graph" title="No label yet">
          Labels that triage added appear here by week, with what people did to them.
        </Empty>
      ) : (
        <div class="body stack">
          <p class="small muted">
            Bars: labels that were still there when the issue was closed, and labels that people took off (red). Line:
            labels that triage knows and that people added themselves.
          </p>
          <BarChart title="Labels by week" bars={bars} every={1} />
          <Rows rows={weeks} columns={COLUMNS} caption="Labels and duplicates by week" />
        </div>
      )}
    </Box>
  );
}

function dayOf({ week }: TriageWeek): string {
  return week.toISOString().slice(0, 10);
}
