import type { SubjectStory } from "../../../reports/subject-story.js";
import type { PageContext } from "../page.js";
import { Ago, Box, count, foreign } from "../parts/basics.js";
import { lookOf, StateLabel } from "../parts/states.js";
import { type Column, Rows } from "../parts/table.js";
import { Place } from "./leaves.js";

type Finding = SubjectStory["findings"][number];

/** The findings in a pull request: rule, file, line, and state. */
export function Findings({ story, context }: { story: SubjectStory; context: PageContext }) {
  const { findings, repository, pull } = story;
  const open = findings.filter(({ state }) => state === "open").length;
  const repositoryUrl = `${context.site.serverUrl}/${repository.full_name}`;
  const columns: readonly Column<Finding>[] = [
    {
      label: "State",
      show: ({ state, shadow }) => (
        <>
          <StateLabel of="finding" state={state} /> {shadow ? <span class="pill">shadow</span> : null}
        </>
      ),
      csv: ({ state }) => state,
    },
    {
      label: "Rule",
      show: ({ rule, severity, source }) => (
        <>
          <code>{foreign(rule, 80)}</code>
          <div class="small muted">
            {lookOf("level", severity).word}
            {source === "model" ? ", by a model" : ""}
          </div>
        </>
      ),
      csv: ({ rule }) => rule,
    },
    {
      label: "Finding",
      class: "wide",
      show: ({ path, line, says, state }) => (
        <>
          {path === null ? null : (
            <Place
              path={path}
              line={line}
              sha={state === "open" ? (pull?.head_sha ?? null) : null}
              repositoryUrl={repositoryUrl}
            />
          )}
          <div>{foreign(says, 400)}</div>
        </>
      ),
      csv: ({ says }) => says,
    },
    {
      label: "Since",
      show: ({ created_at, changed_at, state }) => (
        <Ago at={state === "open" ? created_at : changed_at} now={context.now} />
      ),
      csv: ({ created_at }) => created_at.toISOString(),
    },
  ];
  return (
    <Box title={`${count(findings.length, "finding")}, ${open} open`}>
      <Rows caption="Findings" columns={columns} rows={findings} />
    </Box>
  );
}
