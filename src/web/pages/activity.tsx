import { HANDLED_EVENTS } from "../../domain.js";
import { InvalidError } from "../../errors.js";
import { type DeliveryFilter, type ListedDelivery, listDeliveries } from "../../reports/deliveries.js";
import { replayDeliveries, retryFailedWork } from "../../jobs/replay.js";
import { CSRF_FIELD, mayAdminister } from "../viewer.js";
import type { Done, PageAct } from "./acts.js";
import type { Answer, PageContext } from "./page.js";
import { Ago, Banner, count, exact, foreign, Icon, span } from "./parts/basics.js";
import { Choice, Filters, isFiltered, TextField } from "./parts/filters.js";
import { StateLabel } from "./parts/states.js";
import {
  type Column,
  exported,
  given,
  givenNumber,
  Listing,
  type TableOptions,
  wantedOf,
  withQuery,
} from "./parts/table.js";
import { eventName } from "./story/delivery-parts.js";

const FILTERS = ["status", "event", "action", "repository", "number", "guid", "sender", "text", "from", "to"];
const FOLDED = ["action", "number", "sender", "guid", "from", "to"];
const STATUSES: Readonly<Record<string, readonly string[]>> = {
  pending: ["received", "processing", "retry"],
  processed: ["processed"],
  skipped: ["skipped"],
  failed: ["failed"],
  duplicate: ["duplicate"],
};
/** The most deliveries in one replay of a filtered list. */
const MOST_REPLAYED = 500;

export function filterOf(url: URL): DeliveryFilter {
  return {
    event: given(url, "event"),
    action: given(url, "action"),
    repository: given(url, "repository"),
    number: givenNumber(url, "number"),
    guid: given(url, "guid"),
    sender: given(url, "sender"),
    status: STATUSES[given(url, "status") ?? ""],
    text: given(url, "text"),
    from: timeOf(url, "from"),
    to: timeOf(url, "to"),
  };
}

/** Times are in UTC, as displayed. */
function timeOf(url: URL, name: string): Date | undefined {
  const text = given(url, name);
  if (text === undefined) return undefined;
  const at = new Date(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
  if (Number.isNaN(at.getTime())) throw new InvalidError(`"${text}" is not a time; write it as 2026-11-30T14:00.`);
  return at;
}

function columnsOf(now: Date): readonly Column<ListedDelivery>[] {
  return [
    {
      label: "Received",
      class: "nowrap",
      sorted: true,
      show: ({ at }) => <Ago at={at} now={now} />,
      csv: ({ at }) => at.toISOString(),
    },
    {
      label: "Outcome",
      show: ({ status }) => <StateLabel of="delivery" state={status} />,
      csv: ({ status }) => status,
    },
    {
      label: "Event",
      show: (delivery) => <a href={`/story/${delivery.guid}`}>{eventName(delivery)}</a>,
      csv: (delivery) => eventName(delivery),
    },
    {
      label: "About",
      show: (delivery) => <Subject {...delivery} />,
      csv: ({ repository, subject }) => [repository, subject].filter((part) => part !== null).join(" "),
    },
    {
      label: "Reason",
      class: "wide",
      show: ({ reason, error, status }) => {
        const text = foreign(error ?? reason ?? "", 160);
        return text === "" ? "" : <span class={status === "failed" ? "s-bad" : "muted"}>{text}</span>;
      },
      csv: ({ reason, error }) => error ?? reason,
    },
    {
      label: "Took",
      class: "num",
      show: ({ at, processed_at: to }) => (to === null ? "" : span(Math.max(0, to.getTime() - at.getTime()))),
      csv: ({ at, processed_at: to }) => (to === null ? null : to.getTime() - at.getTime()),
    },
    {
      label: "Delivery",
      show: ({ guid }) => (
        <span class="mono muted" title={guid}>
          {guid.slice(0, 8)}
        </span>
      ),
      csv: ({ guid }) => guid,
    },
  ];
}

/** The subject of a delivery, linked to its story. */
export function Subject({ repository, subject }: { repository: string | null; subject: string | null }) {
  if (repository === null) return <span class="muted">no repository</span>;
  const [kind, number = ""] = subject?.split(/:(.*)/s) ?? [];
  if (kind === "issue" || kind === "pull_request")
    return <a href={`/story/${repository}/${number}`}>{`${repository}#${number}`}</a>;
  if (kind === "deployment")
    return <a href={`/story/${repository}/deployments/${number}`}>{`${repository} deployment ${number}`}</a>;
  return <>{repository}</>;
}

/** Every delivery: its content, subject and outcome. */
export async function activity(context: PageContext): Promise<Answer> {
  const { url, scope, now } = context;
  const filter = filterOf(url);
  const options: TableOptions<ListedDelivery> = {
    id: "deliveries",
    caption: "Deliveries",
    columns: columnsOf(now),
    topics: ["deliveries"],
    empty: isFiltered(url, FILTERS)
      ? { icon: "search", title: "No delivery matches", text: "Change the filter, or clear it." }
      : {
          icon: "inbox",
          title: "No deliveries yet",
          text: "Deliveries appear here as soon as GitHub sends the first one. Run 'companyos-github doctor' if none arrives.",
        },
  };
  const file = await exported(context, options, (wanted) =>
    context.read(({ sql }) => listDeliveries(sql, scope, filter, wanted)),
  );
  if (file) return file;
  const page = await context.read(({ sql }) => listDeliveries(sql, scope, filter, wantedOf(url)));
  const isAdmin =
    context.viewer.operator || context.viewer.installations.some(({ id }) => mayAdminister(context.viewer, id));
  const previews = url.searchParams.get("replay") === "preview";
  return {
    title: "Activity",
    body: (
      <>
        <div class="title">
          <div>
            <h1>Activity</h1>
            <p class="muted">Every delivery that GitHub sent, and what became of it.</p>
          </div>
          {isAdmin ? <Acts context={context} /> : null}
        </div>
        <DeliveryFilters url={url} />
        {previews ? await preview(context, filter) : null}
        <Listing context={context} page={page} options={options} />
      </>
    ),
  };
}

function DeliveryFilters({ url }: { url: URL }) {
  const events = HANDLED_EVENTS.map((event) => [event, event] as const);
  const fields = (
    <>
      <TextField name="action" label="Action" url={url} hint="opened" short />
      <TextField name="number" label="Number" url={url} hint="#12" short />
      <TextField name="sender" label="Sender" url={url} hint="octocat" />
      <TextField name="guid" label="GUID" url={url} />
      <TextField name="from" label="From (UTC)" url={url} hint="2026-11-30T08:00" />
      <TextField name="to" label="To (UTC)" url={url} hint="2026-11-30T18:00" />
    </>
  );
  return (
    <Filters action="/activity" active={isFiltered(url, FILTERS)} more={{ fields, open: isFiltered(url, FOLDED) }}>
      <TextField name="text" label="Reason or error" url={url} wide />
      <Choice
        name="status"
        label="Outcome"
        url={url}
        options={[["", "Any"], ...Object.keys(STATUSES).map((name) => [name, name] as const)]}
      />
      <Choice name="event" label="Event" url={url} options={[["", "Any"], ...events]} />
      <TextField name="repository" label="Repository" url={url} hint="owner/name" />
    </Filters>
  );
}

function Acts({ context: { url, viewer } }: { context: PageContext }) {
  return (
    <div class="row">
      <a class="btn" href={withQuery(url, { replay: "preview", cursor: null })}>
        <Icon name="sync" /> Replay these…
      </a>
      <form method="post" action="/activity/retry" class="inline">
        <input type="hidden" name={CSRF_FIELD} value={viewer.csrf} />
        <button>
          <Icon name="play" /> Retry all failed work
        </button>
      </form>
    </div>
  );
}

async function matches(context: PageContext, filter: DeliveryFilter) {
  const page = await context.read(({ sql }) =>
    listDeliveries(sql, context.scope, filter, { limit: MOST_REPLAYED, cursor: null, order: "newest" }),
  );
  const finished = new Set(["processed", "skipped", "failed"]);
  const all = page.rows.filter(
    ({ installation_id: id, status }) => finished.has(status) && mayAdminister(context.viewer, id),
  );
  return { all, more: page.next !== null, searchedTo: page.searchedTo };
}

async function preview(context: PageContext, filter: DeliveryFilter) {
  const { all, more, searchedTo } = await matches(context, filter);
  const { url, viewer } = context;
  const byEvent = new Map<string, number>();
  for (const delivery of all) byEvent.set(eventName(delivery), (byEvent.get(eventName(delivery)) ?? 0) + 1);
  return (
    <Banner tone="note">
      <strong>Replay {count(all.length, "delivery", "deliveries")}?</strong> {limitOf(searchedTo, more)}
      Each is processed again from its stored bytes. What is stored and written already stays as it is.
      <div class="row small">
        {[...byEvent].map(([event, found]) => (
          <span class="pill">
            {event} × {found}
          </span>
        ))}
      </div>
      <form method="post" action={`/activity/replay${url.search}`} class="row">
        <input type="hidden" name={CSRF_FIELD} value={viewer.csrf} />
        <button class="primary">Replay {count(all.length, "delivery", "deliveries")}</button>
        <a class="btn" href={withQuery(url, { replay: null })}>
          Cancel
        </a>
      </form>
    </Banner>
  );
}

function limitOf(searchedTo: Date | null, more: boolean): string {
  if (searchedTo !== null) return `Only matches since ${exact(searchedTo)} are taken. `;
  return more ? `Only the newest ${MOST_REPLAYED} matches are taken. ` : "";
}

/** Replays the deliveries that match the URL's filter. */
export async function replayMany(context: PageContext): Promise<Done> {
  const { all } = await matches(context, filterOf(context.url));
  const acts: PageAct[] = [];
  let replayed = 0;
  for (const installationId of new Set(all.map(({ installation_id: id }) => id))) {
    const its = all.filter(({ installation_id: id }) => id === installationId);
    const detail = await replayDeliveries(
      context.site,
      its.map(({ guid }) => guid),
    );
    replayed += detail.replayed;
    acts.push({ installationId, action: "deliveries.replay", target: context.url.search, detail: { ...detail } });
  }
  const what = `${count(replayed, "delivery", "deliveries")} given to the workers.`;
  return { answer: done(context, "Replay", what, all.length - replayed), acts };
}

/** Retries failed deliveries and dead letters of the viewer's installations with all their attempts. */
export async function retryFailed(context: PageContext): Promise<Done> {
  const { viewer, site } = context;
  const administered = viewer.installations.filter(({ id }) => mayAdminister(viewer, id)).map(({ id }) => id);
  const retried = await retryFailedWork(site, administered);
  const failed = retried.reduce((sum, { deliveries }) => sum + deliveries, 0);
  const dead = retried.reduce((sum, { jobs }) => sum + jobs, 0);
  const what = `${count(failed, "failed delivery", "failed deliveries")} and ${count(dead, "failed job")} given to the workers.`;
  const acts = retried.map(({ installationId, deliveries, jobs }): PageAct => {
    return { installationId, action: "work.retry", target: "failed work", detail: { deliveries, jobs } };
  });
  return { answer: done(context, "Retry", what, 0), acts };
}

function done(context: PageContext, title: string, what: string, kept: number): Answer {
  return {
    title,
    body: (
      <div class="narrow stack">
        <Banner tone="good" big>
          <strong>{what}</strong>
          {kept > 0
            ? ` ${count(kept, "delivery", "deliveries")} could not be replayed: unfinished, or the stored body is past its retention.`
            : ""}
        </Banner>
        <a class="btn" href={`/activity${withQuery(context.url, { replay: null }).slice(context.url.pathname.length)}`}>
          Back to Activity
        </a>
      </div>
    ),
  };
}
