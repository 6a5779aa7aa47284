import { type ListedDeployment, listDeployments } from "../../reports/subjects.js";
import { type EnvironmentNow, environmentsNow } from "../../store/deployments/environments.js";
import { live } from "./layout.js";
import type { Answer, PageContext } from "./page.js";
import { Ago, Box, foreign, Icon, Sha } from "./parts/basics.js";
import { Choice, Filters, isFiltered, TextField } from "./parts/filters.js";
import { StateLabel } from "./parts/states.js";
import { type Column, exported, given, Listing, Rows, type TableOptions, wantedOf } from "./parts/table.js";

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

function environmentColumns(now: Date): readonly Column<EnvironmentNow>[] {
  const story = (repository: string, id: bigint): string => `/story/${repository}/deployments/${id}`;
  return [
    {
      label: "Environment",
      class: "wide",
      show: ({ repository, environment, production }) => (
        <>
          <a href={historyPath(repository, environment)}>{foreign(environment, 60)}</a>{" "}
          {production && environment.toLowerCase() !== "production" ? <span class="pill">production</span> : null}
          <div class="small muted">{repository}</div>
        </>
      ),
      csv: ({ environment }) => environment,
    },
    {
      label: "Runs now",
      show: ({ repository, live: its }) =>
        its === null ? (
          <span class="muted">not known: no success among the latest 50</span>
        ) : (
          <>
            <a href={story(repository, its.id)}>
              <Sha sha={its.sha} />
            </a>{" "}
            <span class="muted">{foreign(its.ref, 60)}</span>
          </>
        ),
      csv: ({ live: its }) => its?.sha ?? null,
    },
    {
      label: "Since",
      class: "nowrap",
      show: ({ live: its }) => <Ago at={its?.since ?? null} now={now} />,
      csv: ({ live: its }) => its?.since.toISOString() ?? null,
    },
    {
      label: "Latest attempt",
      show: ({ repository, last, live: its }) =>
        last.id === its?.id ? (
          <span class="muted">the same</span>
        ) : (
          <a href={story(repository, last.id)}>
            <StateLabel of="deployment" state={last.state} />
          </a>
        ),
      csv: ({ last }) => last.state,
    },
    {
      label: "Figures",
      show: ({ repository, environment }) => (
        <a href={`/dora?${new URLSearchParams({ repository, environment }).toString()}`}>DORA</a>
      ),
      csv: () => null,
    },
  ];
}

function historyPath(repository: string, environment: string): string {
  return `/deployments?${new URLSearchParams({ repository, environment }).toString()}#history`;
}

/** The live deployment of each environment, and the mirrored deployments with their latest statuses. */
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
  const { page, environments } = await context.read(async ({ sql }) => ({
    page: await listDeployments(sql, scope, filter, wantedOf(url)),
    environments: await environmentsNow(sql, {
      repository: filter.repository ?? null,
      environment: filter.environment ?? null,
    }),
  }));
  return {
    title: "Deployments",
    body: (
      <div class="stack">
        <div class="title">
          <div>
            <h1>Deployments</h1>
            <p class="muted">The live deployment of each environment, and all deployments with their latest status.</p>
          </div>
          <a class="btn" href="/dora">
            <Icon name="graph" /> DORA metrics
          </a>
        </div>
        {environments.length === 0 ? null : (
          <div {...live(context, "environments", ["deployments"])}>
            <Box title="Environments">
              <Rows caption="Environments" columns={environmentColumns(now)} rows={environments} />
            </Box>
          </div>
        )}
        <section>
          <h2 id="history">History</h2>
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
        </section>
      </div>
    ),
  };
}
