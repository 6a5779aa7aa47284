import type { Step } from "../../../reports/journey.js";
import type { SubjectStory } from "../../../reports/subject-story.js";
import { Ago, Box, foreign, Status } from "../parts/basics.js";
import { type Column, Rows } from "../parts/table.js";

/** A pull request from its first commit to the environments where it runs, each step with the delivery that proves it. */
export function Journey({ story, now }: { story: SubjectStory; now: Date }) {
  const { journey, repository } = story;
  if (journey.every(({ deployment }) => deployment === null)) return null;
  const columns: readonly Column<Step>[] = [
    {
      label: "When",
      class: "nowrap",
      show: ({ at }) => (at === null ? <span class="muted">not yet</span> : <Ago at={at} now={now} />),
      csv: () => null,
    },
    {
      label: "Step",
      class: "wide",
      show: ({ what, deployment, live, at }) => (
        <Status
          icon={at === null ? "clock" : deployment === null ? "git-commit" : "rocket"}
          tone={at === null || live === false ? "warn" : deployment === null ? "note" : "good"}
        >
          {deployment === null ? (
            foreign(what, 200)
          ) : (
            <a href={`/story/${repository.full_name}/deployments/${deployment}`}>{foreign(what, 200)}</a>
          )}
        </Status>
      ),
      csv: () => null,
    },
    {
      label: "Proof",
      show: ({ guid, at }) =>
        guid === null ? (
          <span class="muted">{at === null ? "" : "read from GitHub"}</span>
        ) : (
          <a class="mono small" href={`/story/${guid}`}>
            {guid.slice(0, 8)}
          </a>
        ),
      csv: () => null,
    },
  ];
  return (
    <Box title="From commit to production">
      <Rows caption="From commit to production" columns={columns} rows={journey} />
    </Box>
  );
}
