import { type ListedIssue, listIssues } from "../../reports/subjects.js";
import type { Answer, PageContext } from "./page.js";
import { Ago, foreign } from "./parts/basics.js";
import { isFiltered } from "./parts/filters.js";
import { StateLabel } from "./parts/states.js";
import { type Column, exported, Listing, type TableOptions, wantedOf } from "./parts/table.js";
import { subjectFilterOf, SubjectFilters, SubjectTitle } from "./pulls.js";

function columnsOf(now: Date): readonly Column<ListedIssue>[] {
  return [
    { label: "State", show: ({ state }) => <StateLabel of="issue" state={state} />, csv: ({ state }) => state },
    {
      label: "Issue",
      class: "wide",
      show: (issue) => <SubjectTitle {...issue} />,
      csv: ({ repository, number }) => `${repository ?? ""}#${number}`,
    },
    { label: "Author", show: ({ author }) => foreign(author ?? "ghost", 40), csv: ({ author }) => author },
    {
      label: "Assignees",
      show: ({ assignees }) =>
        assignees.length === 0 ? <span class="muted">nobody</span> : foreign(assignees.join(", "), 80),
      csv: ({ assignees }) => assignees.join(" "),
    },
    { label: "Comments", class: "num", show: ({ comments }) => comments, csv: ({ comments }) => comments },
    {
      label: "Updated",
      class: "nowrap",
      sorted: true,
      show: ({ at }) => <Ago at={at} now={now} />,
      csv: ({ at }) => at.toISOString(),
    },
  ];
}

/** The issues of the mirror. */
export async function issues(context: PageContext): Promise<Answer> {
  const { url, scope, now } = context;
  const filter = subjectFilterOf(url);
  const options: TableOptions<ListedIssue> = {
    id: "issues",
    caption: "Issues",
    columns: columnsOf(now),
    topics: ["issues"],
    empty: isFiltered(url, ["state", "repository", "author", "label", "text", "number"])
      ? { icon: "search", title: "No issue matches", text: "Change the filter, or clear it." }
      : {
          icon: "issue-opened",
          title: "No open issues",
          text: "Open ones appear here as soon as GitHub delivers them, or a sync reads them.",
        },
  };
  const file = await exported(context, options, (wanted) =>
    context.read(({ sql }) => listIssues(sql, scope, filter, wanted)),
  );
  if (file) return file;
  const page = await context.read(({ sql }) => listIssues(sql, scope, filter, wantedOf(url)));
  return {
    title: "Issues",
    body: (
      <>
        <div class="title">
          <div>
            <h1>Issues</h1>
            <p class="muted">The mirrored issues and everything that happened about them.</p>
          </div>
        </div>
        <SubjectFilters url={url} action="/issues" />
        <Listing context={context} page={page} options={options} />
      </>
    ),
  };
}
