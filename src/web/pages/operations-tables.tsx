import type { Operations } from "../../reports/operations.js";
import { CSRF_FIELD, mayAdminister } from "../viewer.js";
import type { PageContext } from "./page.js";
import { Ago, count, foreign, Icon } from "./parts/basics.js";
import type { IconName } from "./parts/icon-paths.js";
import { StateLabel } from "./parts/states.js";
import { type Column, Rows } from "./parts/table.js";
import type { Child } from "hono/jsx";

/** A named part of the page: its rows, or the reason for none. */
export function Section<Row>({
  id,
  title,
  end,
  rows,
  columns,
  empty,
}: {
  id: string;
  title: string;
  end?: Child;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  empty: readonly [IconName, string, string];
}) {
  const [icon, heading, text] = empty;
  return (
    <section class="box" id={id}>
      <header>
        <h2>{title}</h2>
        {end === undefined ? null : <div class="end row">{end}</div>}
      </header>
      {rows.length === 0 ? (
        <p class="body row muted">
          <Icon name={icon} /> {heading}. {text}
        </p>
      ) : (
        <Rows caption={title} columns={columns} rows={rows} />
      )}
    </section>
  );
}

export function Queues({ queues, now }: { queues: Operations["queues"]; now: Date }) {
  type Row = Operations["queues"][number];
  const columns: readonly Column<Row>[] = [
    { label: "Queue", show: ({ queue }) => queue, csv: ({ queue }) => queue },
    { label: "State", show: ({ status }) => <StateLabel of="job" state={status} />, csv: ({ status }) => status },
    {
      label: "Jobs",
      class: "num",
      show: ({ _count: { _all: all } }) => all.toLocaleString("en-US"),
      csv: ({ _count: { _all: all } }) => all,
    },
    {
      label: "Oldest due",
      class: "nowrap",
      show: ({ _min: { run_at: at }, status }) => (status === "failed" ? "" : <Ago at={at} now={now} />),
      csv: ({ _min: { run_at: at } }) => at?.toISOString() ?? null,
    },
  ];
  return (
    <Section
      id="queues"
      title="Queues"
      rows={queues}
      columns={columns}
      empty={["check-circle-fill", "Nothing waits", "Every planned job is done."]}
    />
  );
}

export function DeadLetters({ jobs, context }: { jobs: Operations["dead"]; context: PageContext }) {
  const { now, viewer } = context;
  const columns: readonly Column<Operations["dead"][number]>[] = [
    {
      label: "Job",
      show: ({ name, key }) => (
        <>
          <code>{name}</code> <span class="mono">{foreign(key, 80)}</span>
        </>
      ),
      csv: ({ name, key }) => `${name} ${key}`,
    },
    {
      label: "Error",
      class: "wide",
      show: ({ error, error_kind: kind }) => (
        <>
          {foreign(error ?? "", 300)} <span class="pill">{kind ?? "unknown"}</span>
        </>
      ),
      csv: ({ error }) => error,
    },
    {
      label: "Attempts",
      class: "num",
      show: ({ attempts, max_attempts: most }) => `${attempts} of ${most}`,
      csv: ({ attempts }) => attempts,
    },
    {
      label: "Delivery",
      show: ({ delivery_guid: guid }) =>
        guid === null ? (
          <span class="muted">none</span>
        ) : (
          <a class="mono" href={`/story/${guid}`}>
            {guid.slice(0, 8)}
          </a>
        ),
      csv: ({ delivery_guid: guid }) => guid,
    },
    {
      label: "Failed",
      class: "nowrap",
      show: ({ finished_at: at }) => <Ago at={at} now={now} />,
      csv: ({ finished_at: at }) => at?.toISOString() ?? null,
    },
  ];
  const mayRetry = jobs.length > 0 && viewer.installations.some(({ id }) => mayAdminister(viewer, id));
  const end = mayRetry ? (
    <form method="post" action="/activity/retry">
      <input type="hidden" name={CSRF_FIELD} value={viewer.csrf} />
      <button>
        <Icon name="play" /> Retry all
      </button>
    </form>
  ) : undefined;
  return (
    <Section
      id="dead-letters"
      title="Dead letters"
      {...(end ? { end } : {})}
      rows={jobs}
      columns={columns}
      empty={["check-circle-fill", "No dead letters", "No job used up its attempts."]}
    />
  );
}

export function Alerts({ alerts, now }: { alerts: Operations["alerts"]; now: Date }) {
  const columns: readonly Column<Operations["alerts"][number]>[] = [
    {
      label: "Severity",
      show: ({ severity, status }) =>
        status === "open" ? <StateLabel of="level" state={severity} /> : <span class="muted">resolved</span>,
      csv: ({ severity, status }) => `${status} ${severity}`,
    },
    {
      label: "Incident",
      class: "wide",
      show: ({ title, detail, remedy, status, resolved_reason: resolved }) => (
        <>
          <strong>{foreign(title, 200)}</strong>
          <div class="small">{foreign(detail, 400)}</div>
          <div class="small muted">{status === "open" ? foreign(remedy, 300) : foreign(resolved ?? "", 300)}</div>
        </>
      ),
      csv: ({ title }) => title,
    },
    {
      label: "Seen",
      class: "num",
      show: ({ occurrences }) => count(occurrences, "time"),
      csv: ({ occurrences }) => occurrences,
    },
    {
      label: "Opened",
      class: "nowrap",
      show: ({ opened_at: at }) => <Ago at={at} now={now} />,
      csv: ({ opened_at: at }) => at.toISOString(),
    },
    {
      label: "Resolved",
      class: "nowrap",
      show: ({ resolved_at: at }) => (at === null ? "" : <Ago at={at} now={now} />),
      csv: ({ resolved_at: at }) => at?.toISOString() ?? null,
    },
  ];
  return (
    <Section
      id="alerts"
      title="Incidents"
      rows={alerts}
      columns={columns}
      empty={["bell", "No incidents", "Incidents open when a check turns unhealthy twice in a row."]}
    />
  );
}

export function Drift({ entries, now }: { entries: Operations["drift"]; now: Date }) {
  const columns: readonly Column<Operations["drift"][number]>[] = [
    { label: "State", show: ({ status }) => <StateLabel of="drift" state={status} />, csv: ({ status }) => status },
    {
      label: "Event",
      show: ({ event, action }) => `${event}${action === null ? "" : `.${action}`}`,
      csv: ({ event }) => event,
    },
    {
      label: "Cause",
      class: "wide",
      show: ({ cause, detail, reason }) => (
        <>
          {cause.replaceAll("-", " ")}: {foreign(detail, 200)}
          {reason === null ? null : <div class="small muted">{foreign(reason, 200)}</div>}
        </>
      ),
      csv: ({ cause, detail }) => `${cause}: ${detail}`,
    },
    {
      label: "Delivery",
      show: ({ guid, status }) =>
        status === "healed" ? (
          <a class="mono" href={`/story/${guid}`}>
            {guid.slice(0, 8)}
          </a>
        ) : (
          <span class="mono">{guid.slice(0, 8)}</span>
        ),
      csv: ({ guid }) => guid,
    },
    {
      label: "Lost",
      class: "nowrap",
      show: ({ lost_at: at }) => <Ago at={at} now={now} />,
      csv: ({ lost_at: at }) => at.toISOString(),
    },
    {
      label: "Healed",
      class: "nowrap",
      show: ({ healed_at: at, healed_by: by }) =>
        at === null ? (
          ""
        ) : (
          <>
            <Ago at={at} now={now} /> <span class="muted">by {by}</span>
          </>
        ),
      csv: ({ healed_at: at }) => at?.toISOString() ?? null,
    },
  ];
  return (
    <Section
      id="drift"
      title="Drift ledger"
      rows={entries}
      columns={columns}
      empty={["check-circle-fill", "No lost deliveries", "Every delivery that GitHub lists arrived here."]}
    />
  );
}
