import type { Arrival, Judged } from "../../reports/dora/judge.js";
import type { DoraReport } from "../../reports/dora/report.js";
import type { PageContext } from "./page.js";
import { Ago, Box, Empty, Sha, Status } from "./parts/basics.js";
import { type Column, Rows } from "./parts/table.js";

const HOUR_MS = 3_600_000;
/** A large deployment shows only its first changes; its own page shows all of them. */
const SHOWN = 10;

/** The deployments behind the figures: the changes of each, its result, and its deliveries. */
export function Receipts({
  judged,
  title,
  report,
  told,
  context,
}: {
  judged: readonly Judged[];
  title: string;
  report: DoraReport;
  told: ReadonlyMap<string, readonly string[]>;
  context: PageContext;
}) {
  const { now, site } = context;
  const nameOf = ({ attempt }: Judged): string =>
    report.repositories.get(attempt.rows[0].repository) ?? "unknown/unknown";
  const columns: readonly Column<Judged>[] = [
    {
      label: "Deployment",
      class: "nowrap",
      show: (each) => (
        <>
          <DeploymentLinks judged={each} repository={nameOf(each)} />
          <div>
            <a href={`${site.serverUrl}/${nameOf(each)}/commit/${each.sha}`}>
              <Sha sha={each.sha} />
            </a>
          </div>
          <div class="small muted">{nameOf(each)}</div>
        </>
      ),
      csv: ({ sha }) => sha,
    },
    {
      label: "Succeeded",
      class: "nowrap",
      show: ({ attempt }) => <Ago at={new Date(attempt.at)} now={now} />,
      csv: ({ attempt }) => attempt.at,
    },
    {
      label: "Brought",
      class: "wide",
      show: (each) => <Changes judged={each} repository={nameOf(each)} serverUrl={site.serverUrl} />,
      csv: ({ shas }) => shas.length,
    },
    {
      label: "Verdict",
      show: (each) => <Verdict judged={each} repository={nameOf(each)} />,
      csv: ({ failure }) => failure?.rule ?? null,
    },
    {
      label: "Deliveries",
      show: ({ attempt }) => {
        const guids = attempt.rows.flatMap(({ key }) => told.get(key) ?? []);
        return guids.length === 0 ? (
          <span class="muted">read by a sync</span>
        ) : (
          guids.map((guid) => (
            <div>
              <a class="mono small" href={`/story/${guid}`}>
                {guid.slice(0, 8)}
              </a>
            </div>
          ))
        );
      },
      csv: () => null,
    },
  ];
  return (
    <section id="receipts">
      <Box title={title}>
        {judged.length === 0 ? (
          <Empty icon="rocket" title="No successful deployment in this time" />
        ) : (
          <Rows caption={title} columns={columns} rows={judged.toReversed()} />
        )}
      </Box>
    </section>
  );
}

function DeploymentLinks({ judged, repository }: { judged: Judged; repository: string }) {
  return (
    <>
      {judged.attempt.rows.map(({ key }) => {
        const [source, id] = key.split(":");
        return source === "github" ? (
          <a href={`/story/${repository}/deployments/${id ?? ""}`}>{id}</a>
        ) : (
          <span class="mono">{key}</span>
        );
      })}
    </>
  );
}

function Changes({ judged, repository, serverUrl }: { judged: Judged; repository: string; serverUrl: string }) {
  const { arrivals, unknown, direction } = judged;
  if (arrivals === null) return <span class="muted">not known: {unknown}</span>;
  if (arrivals.length === 0)
    return <span class="muted">{direction === "back" ? "nothing new: a way back" : "nothing new"}</span>;
  return (
    <>
      {arrivals.slice(0, SHOWN).map((arrival) => (
        <div>
          <ChangeLink arrival={arrival} repository={repository} serverUrl={serverUrl} />{" "}
          <span class="muted small">
            {arrival.lead === null ? "first commit not known" : `${(arrival.lead / HOUR_MS).toFixed(1)} h`}
          </span>
        </div>
      ))}
      {arrivals.length > SHOWN ? <div class="muted small">and {arrivals.length - SHOWN} more</div> : null}
    </>
  );
}

function ChangeLink({ arrival, repository, serverUrl }: { arrival: Arrival; repository: string; serverUrl: string }) {
  const { pull, key } = arrival.change;
  if (pull !== null) return <a href={`/story/${repository}/${pull.number}`}>{key}</a>;
  return (
    <a href={`${serverUrl}/${repository}/commit/${key}`}>
      <Sha sha={key} />
    </a>
  );
}

function Verdict({ judged: { failure, rework }, repository }: { judged: Judged; repository: string }) {
  return (
    <>
      {failure === null ? null : (
        <Status icon="x-circle-fill" tone="bad">
          failed: {failure.rule}{" "}
          {failure.by === null ? null : <DeploymentLinks judged={failure.by} repository={repository} />}
          {failure.incident === null ? null : (
            <a href={`/story/${repository}/${failure.incident.number}`}>#{failure.incident.number}</a>
          )}
        </Status>
      )}
      {rework === null ? null : (
        <div>
          <Status icon="sync" tone="warn">
            rework: {rework}
          </Status>
        </div>
      )}
      {failure === null && rework === null ? (
        <Status icon="check-circle-fill" tone="good">
          no failure seen
        </Status>
      ) : null}
    </>
  );
}
