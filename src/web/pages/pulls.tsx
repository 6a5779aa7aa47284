import { type ListedPull, listPulls } from "../../reports/subjects.js";
import type { Answer, PageContext } from "./page.js";
import { Ago, foreign } from "./parts/basics.js";
import { Choice, Filters, isFiltered, TextField } from "./parts/filters.js";
import { pullState, StateLabel } from "./parts/states.js";
import { type Column, exported, given, givenNumber, Listing, type TableOptions, wantedOf } from "./parts/table.js";

const FILTERS = ["state", "repository", "author", "label", "text", "number"];

/** State and filters shared by pull requests and issues. `any` means both states. */
export function subjectFilterOf(url: URL) {
  const state = given(url, "state") ?? "open";
  return {
    state: state === "any" ? undefined : state,
    repository: given(url, "repository"),
    author: given(url, "author"),
    label: given(url, "label"),
    text: given(url, "text"),
    number: givenNumber(url, "number"),
  };
}

export function SubjectFilters({ url, action }: { url: URL; action: string }) {
  return (
    <Filters action={action} active={isFiltered(url, FILTERS)}>
      <TextField name="text" label="Title" url={url} wide />
      <Choice
        name="state"
        label="State"
        url={url}
        options={[
          ["", "Open"],
          ["closed", "Closed"],
          ["any", "Any"],
        ]}
      />
      <TextField name="repository" label="Repository" url={url} hint="owner/name" />
      <TextField name="number" label="Number" url={url} hint="#12" short />
      <TextField name="author" label="Author" url={url} hint="octocat" />
      <TextField name="label" label="Label" url={url} hint="bug" />
    </Filters>
  );
}

export function SubjectTitle({
  repository,
  number,
  title,
  labels,
}: {
  repository: string | null;
  number: number;
  title: string;
  labels: readonly string[];
}) {
  return (
    <>
      <a href={`/story/${repository ?? "unknown/unknown"}/${number}`}>{foreign(title, 160)}</a>{" "}
      {labels.slice(0, 6).map((label) => (
        <>
          <span class="pill">{foreign(label, 40)}</span>{" "}
        </>
      ))}
      <div class="small muted">
        {repository}#{number}
      </div>
    </>
  );
}

function columnsOf(now: Date): readonly Column<ListedPull>[] {
  return [
    {
      label: "State",
      show: (pull) => <StateLabel of="pull" state={pullState(pull)} />,
      csv: (pull) => pullState(pull),
    },
    {
      label: "Pull request",
      class: "wide",
      show: (pull) => <SubjectTitle {...pull} />,
      csv: ({ repository, number }) => `${repository ?? ""}#${number}`,
    },
    { label: "Author", show: ({ author }) => foreign(author ?? "ghost", 40), csv: ({ author }) => author },
    {
      label: "Last review",
      show: ({ run }) =>
        run === null ? (
          <span class="muted">none yet</span>
        ) : (
          <>
            <StateLabel of="run" state={run.skipped === null ? run.status : "skipped"} />
            <div class="small muted">{foreign(run.reason, 80)}</div>
          </>
        ),
      csv: ({ run }) => run?.reason ?? null,
    },
    {
      label: "Findings",
      class: "num",
      show: ({ open_findings: open }) => open,
      csv: ({ open_findings: open }) => open,
    },
    {
      label: "Risk",
      show: ({ run }) => run?.risk ?? <span class="muted">–</span>,
      csv: ({ run }) => run?.risk ?? null,
    },
    {
      label: "Checks",
      show: ({ checks_state: state }) => (state === null ? <span class="muted">–</span> : state.toLowerCase()),
      csv: ({ checks_state: state }) => state,
    },
    {
      label: "Updated",
      class: "nowrap",
      sorted: true,
      show: ({ at }) => <Ago at={at} now={now} />,
      csv: ({ at }) => at.toISOString(),
    },
  ];
}

/** The pull requests of the mirror, with their latest reviews. */
export async function pulls(context: PageContext): Promise<Answer> {
  const { url, scope, now } = context;
  const filter = subjectFilterOf(url);
  const options: TableOptions<ListedPull> = {
    id: "pulls",
    caption: "Pull requests",
    columns: columnsOf(now),
    topics: ["pulls", "runs"],
    empty: isFiltered(url, FILTERS)
      ? { icon: "search", title: "No pull request matches", text: "Change the filter, or clear it." }
      : {
          icon: "git-pull-request",
          title: "No open pull requests",
          text: "Open ones appear here as soon as GitHub delivers them, or a sync reads them.",
        },
  };
  const file = await exported(context, options, (wanted) =>
    context.read(({ sql }) => listPulls(sql, scope, filter, wanted)),
  );
  if (file) return file;
  const page = await context.read(({ sql }) => listPulls(sql, scope, filter, wantedOf(url)));
  return {
    title: "Pull requests",
    body: (
      <>
        <div class="title">
          <div>
            <h1>Pull requests</h1>
            <p class="muted">State, findings and risk, as the mirror has them.</p>
          </div>
        </div>
        <SubjectFilters url={url} action="/pulls" />
        <Listing context={context} page={page} options={options} />
      </>
    ),
  };
}
