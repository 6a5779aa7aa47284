import { type ListedDeployment, listDeployments } from "../../reports/subjects.js";
import type { Answer, PageContext } from "./page.js";
import { Ago, foreign, Sha } from "./parts/basics.js";
import { Choice, Filters, isFiltered, TextField } from "./parts/filters.js";
import { StateLabel } from "./parts/states.js";
import { type Column, exported, given, Listing, type TableOptions, wantedOf } from "./parts/table.js";

const FILTERS = ["repository", "environment", "state"];
const STATES = ["success", "failure", "error", "in_progress", "queued", "pending", "waiting", "inactive"];

function columnsOf(now: Date): readonly Column<ListedDeployment>[] {
  return [
    {
      label: "Latest status",
      show: ({ status }) =>
        status === null ? (
          <span class="muted">no status yet</span>
        ) : (
          <StateLabel of="deployment" state={status.state} />
        ),
      csv: ({ status }) => status?.state ?? null,
    },
    {
      label: "Deployment",
      class: "wide",
      show: ({ id, repository, task, description }) => (
        <>
          <a href={`/story/${repository ?? "unknown/unknown"}/deployments/${id}`}>
            {repository} {task}
          </a>
          <div class="small muted">{foreign(description ?? "", 120)}</div>
        </>
      ),
      csv: ({ id }) => String(id),
    },
    {
      label: "Environment",
      show: ({ environment, production_environment: production }) => (
        <>
          {foreign(environment, 60)} {production === true ? <span class="pill">production</span> : null}
        </>
      ),
      csv: ({ environment }) => environment,
    },
    {
      label: "Commit",
      show: ({ sha, ref }) => (
        <>
          <Sha sha={sha} /> <span class="muted">{foreign(ref, 60)}</span>
        </>
      ),
      csv: ({ sha }) => sha,
    },
    { label: "By", show: ({ creator }) => foreign(creator ?? "ghost", 40), csv: ({ creator }) => creator },
    {
      label: "Created",
      class: "nowrap",
      sorted: true,
      show: ({ at }) => <Ago at={at} now={now} />,
      csv: ({ at }) => at.toISOString(),
    },
  ];
}

/** The deployments of the mirror, with the latest status of each. */
export async function deployments(context: PageContext): Promise<Answer> {
  const { url, scope, now } = context;
  const filter = {
    repository: given(url, "repository"),
    environment: given(url, "environment"),
    state: given(url, "state"),
  };
  const options: TableOptions<ListedDeployment> = {
    id: "deployments",
    caption: "Deployments",
    columns: columnsOf(now),
    topics: ["deployments"],
    empty: isFiltered(url, FILTERS)
      ? { icon: "search", title: "No deployment matches", text: "Change the filter, or clear it." }
      : {
          icon: "rocket",
          title: "No deployments yet",
          text: "GitHub delivers each deployment and each of its statuses; the first one appears here.",
        },
  };
  const file = await exported(context, options, (wanted) =>
    context.read(({ sql }) => listDeployments(sql, scope, filter, wanted)),
  );
  if (file) return file;
  const page = await context.read(({ sql }) => listDeployments(sql, scope, filter, wantedOf(url)));
  return {
    title: "Deployments",
    body: (
      <>
        <div class="title">
          <div>
            <h1>Deployments</h1>
            <p class="muted">Deployments with their environment and latest status.</p>
          </div>
        </div>
        <Filters action="/deployments" active={isFiltered(url, FILTERS)}>
          <TextField name="repository" label="Repository" url={url} hint="owner/name" />
          <TextField name="environment" label="Environment" url={url} hint="production" />
          <Choice
            name="state"
            label="Latest status"
            url={url}
            options={[["", "Any"], ...STATES.map((state) => [state, state.replaceAll("_", " ")] as const)]}
          />
        </Filters>
        <Listing context={context} page={page} options={options} />
      </>
    ),
  };
}
