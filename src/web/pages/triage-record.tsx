import type { TriageWeek } from "../../store/triage/record.js";
import { Box, Empty } from "./parts/basics.js";
import { BarChart } from "./parts/chart.js";

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
            Bars: labels on closed issues and labels that people took off (the dark part). Line: labels that triage
            knows and people added.
          </p>
          <BarChart title="Labels by week" bars={bars} every={1} />
          <div class="scroll" tabindex={0} role="region" aria-label="Labels and duplicates by week">
            <table>
              <caption class="sr">Labels and duplicates by week</caption>
              <thead>
                <tr>
                  {["Week", "Confirmed", "Refused", "Open", "Missed", "Duplicates confirmed", "Refused", "Missed"].map(
                    (head, index) => (
                      <th scope="col" class={index === 0 ? "" : "num"}>
                        {head}
                      </th>
                    ),
                  )}
                </tr>
              </thead>
              <tbody>
                {weeks.map((week) => (
                  <tr>
                    <td>{dayOf(week)}</td>
                    {[
                      week.confirmed,
                      week.refused,
                      week.open,
                      week.missed,
                      week.duplicates_confirmed,
                      week.duplicates_refused,
                      week.duplicates_missed,
                    ].map((count) => (
                      <td class="num">{count}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </div>
      )}
    </Box>
  );
}

function dayOf({ week }: TriageWeek): string {
  return week.toISOString().slice(0, 10);
}
