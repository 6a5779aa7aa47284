import { z } from "zod";
import { InvalidError } from "../../errors.js";
import { requestSync } from "../../jobs/sync/request-sync.js";
import { quotas, type Quota } from "../../reports/overview.js";
import { type ListedSync, listSyncRuns } from "../../reports/sync-runs.js";
import { assertActiveInstallation } from "../../store/tenants/assert-installation.js";
import { SPOT_SUBJECT } from "../../sync/survey/subject.js";
import { CSRF_FIELD, mayAdminister } from "../viewer.js";
import type { Done } from "./acts.js";
import { live } from "./layout.js";
import type { Answer, PageContext } from "./page.js";
import { Ago, Banner, Box, count, Empty, foreign, Icon, span } from "./parts/basics.js";
import { Meter } from "./parts/chart.js";
import { StateLabel } from "./parts/states.js";
import { type Column, csvLine, Rows } from "./parts/table.js";

const SHOWN = 50;

/** Sync runs with their progress, unreadable lists, the rate limits, and a button. */
export async function syncPage(context: PageContext): Promise<Answer> {
  const { scope, now, viewer, url } = context;
  const accounts = new Map(viewer.installations.map(({ id, account }) => [id, account]));
  const [runs, budgets] = await context.read(
    async ({ sql }) => [await listSyncRuns(sql, scope, accounts, now, SHOWN), await quotas(sql, scope, now)] as const,
  );
  const columns = columnsOf();
  if (url.searchParams.get("format") === "csv") {
    const lines = [
      columns.map(({ label }) => label),
      ...runs.map((run) => columns.map((column) => String(column.csv(run) ?? ""))),
    ];
    return { filename: "sync-runs.csv", csv: `${lines.map(csvLine).join("\r\n")}\r\n` };
  }
  return {
    title: "Sync",
    body: (
      <div class="stack">
        <div class="title">
          <div>
            <h1>Sync</h1>
            <p class="muted">How the mirror is compared with GitHub, and what could not be read.</p>
          </div>
        </div>
        <Ask context={context} />
        <div {...live(context, "sync-runs", ["sync"])} class="stack">
          {runs.some(({ status }) => status === "running" || status === "paused" || status === "waiting") ? (
            <Open runs={runs} />
          ) : null}
          <Warnings runs={runs} />
          <Box title="Runs" end={<a href="/sync?format=csv">Export CSV</a>}>
            {runs.length === 0 ? (
              <Empty icon="sync" title="No sync has run yet">
                A full sync starts by itself when the App is installed, and others follow by schedule.
              </Empty>
            ) : (
              <Rows caption="Sync runs" columns={columnsOf(now)} rows={runs} />
            )}
          </Box>
          <Budgets budgets={budgets} />
        </div>
      </div>
    ),
  };
}

function columnsOf(now = new Date(0)): readonly Column<ListedSync>[] {
  return [
    { label: "Status", show: ({ status }) => <StateLabel of="sync" state={status} />, csv: ({ status }) => status },
    { label: "Organisation", show: ({ account }) => account, csv: ({ account }) => account },
    {
      label: "Run",
      class: "wide",
      show: ({ id, mode, subject, requestedBy, reason }) => (
        <>
          {mode} {subject === null ? "" : foreign(subject, 120)} <span class="mono muted">{id}</span>
          <div class="small muted">
            for {requestedBy}
            {reason === null ? "" : ` · ${foreign(reason, 200)}`}
          </div>
        </>
      ),
      csv: ({ mode, subject }) => `${mode} ${subject ?? ""}`.trim(),
    },
    {
      label: "Rows",
      class: "num",
      show: ({ rowsWritten, rowsUnchanged }) =>
        `${rowsWritten.toLocaleString("en-US")} of ${(rowsWritten + rowsUnchanged).toLocaleString("en-US")}`,
      csv: ({ rowsWritten }) => rowsWritten,
    },
    {
      label: "Points",
      class: "num",
      show: ({ points }) => points.toLocaleString("en-US"),
      csv: ({ points }) => points,
    },
    {
      label: "Requests",
      class: "num",
      show: ({ requests }) => requests.toLocaleString("en-US"),
      csv: ({ requests }) => requests,
    },
    {
      label: "Warnings",
      class: "num",
      show: ({ warnings }) => warnings.length,
      csv: ({ warnings }) => warnings.length,
    },
    { label: "Worked", class: "num", show: ({ workedMs }) => span(workedMs), csv: ({ workedMs }) => workedMs },
    {
      label: "Began",
      class: "nowrap",
      show: ({ startedAt }) => <Ago at={startedAt === null ? null : new Date(startedAt)} now={now} />,
      csv: ({ startedAt }) => startedAt,
    },
  ];
}

function Open({ runs }: { runs: readonly ListedSync[] }) {
  return (
    <Box title="Under way">
      <ul>
        {runs
          .filter(({ finishedAt }) => finishedAt === null)
          .map(({ id, account, mode, status, entities, etaMs, resumesAt }) => {
            const [done, total] = entities.reduce(
              ([rows, all], entity) => [rows + entity.rows, all + entity.total],
              [0, 0],
            );
            return (
              <li>
                <div class="row">
                  <strong>{account}</strong> {mode} <span class="mono muted">{id}</span>{" "}
                  <StateLabel of="sync" state={status} />
                </div>
                {total === 0 ? null : <Meter share={done / total} label={`progress of sync run ${id}`} />}
                <div class="small muted">
                  {done.toLocaleString("en-US")} of {total.toLocaleString("en-US")} rows
                  {etaMs === null ? "" : ` · about ${span(etaMs)} to go`}
                  {resumesAt === null ? "" : ` · paused until ${resumesAt}`}
                </div>
              </li>
            );
          })}
      </ul>
    </Box>
  );
}

function Warnings({ runs }: { runs: readonly ListedSync[] }) {
  const latest = new Map(runs.toReversed().map((run) => [run.account, run]));
  const warnings = [...latest.values()].flatMap(({ warnings: all, account }) =>
    all.map((warning) => ({ account, ...warning })),
  );
  if (warnings.length === 0) return null;
  return (
    <Banner tone="warn">
      <strong>{count(warnings.length, "list")} could not be read in the latest run.</strong> The next run tries them
      again.
      <ul class="tree">
        {warnings.slice(0, 20).map(({ repository, entity, reason }) => (
          <li>
            <span class="mono">{foreign(repository, 100)}</span> {entity}: {foreign(reason, 300)}
          </li>
        ))}
      </ul>
    </Banner>
  );
}

function Budgets({ budgets }: { budgets: readonly Quota[] }) {
  return (
    <Box title="Budgets">
      {budgets.length === 0 ? (
        <Empty icon="graph" title="No calls yet">
          The rate limit appears with GitHub's first response.
        </Empty>
      ) : (
        <Rows
          caption="Quotas at GitHub"
          rows={budgets}
          columns={[
            { label: "Organisation", show: ({ account }: Quota) => account, csv: ({ account }) => account },
            { label: "Resource", show: ({ resource }) => resource, csv: ({ resource }) => resource },
            {
              label: "Left",
              class: "num",
              show: ({ remaining, quota_limit: limit }) =>
                `${remaining?.toLocaleString("en-US") ?? "?"} of ${limit?.toLocaleString("en-US") ?? "?"}`,
              csv: ({ remaining }) => remaining,
            },
            { label: "Forecast", class: "wide", show: ({ forecast }) => forecast, csv: ({ forecast }) => forecast },
          ]}
        />
      )}
    </Box>
  );
}

function Ask({ context: { viewer } }: { context: PageContext }) {
  const administered = viewer.installations.filter(({ id }) => mayAdminister(viewer, id));
  if (administered.length === 0) return <p class="muted">Admins of an organisation can ask for a sync here.</p>;
  return (
    <form class="filters" method="post" action="/sync">
      <input type="hidden" name={CSRF_FIELD} value={viewer.csrf} />
      <label>
        Organisation
        <select name="installation">
          {administered.map(({ id, account }) => (
            <option value={String(id)}>{account}</option>
          ))}
        </select>
      </label>
      <label>
        What
        <select name="mode">
          <option value="incremental">What changed since the last run</option>
          <option value="full">Everything</option>
        </select>
      </label>
      <label>
        Only this (optional)
        <input name="subject" placeholder="owner/name or owner/name#12" />
      </label>
      <button class="primary">
        <Icon name="sync" /> Sync now
      </button>
    </form>
  );
}

const Wish = z.object({
  installation: z
    .string()
    .regex(/^[1-9]\d{0,17}$/)
    .transform(BigInt),
  mode: z.enum(["incremental", "full"]),
  subject: z.string().trim(),
});

/** Opens a sync run for an installation that the viewer administers. */
export async function askForSync(context: PageContext, form: Readonly<Record<string, unknown>>): Promise<Done> {
  const { viewer, site } = context;
  const { installation, mode, subject } = Wish.parse(form);
  if (!mayAdminister(viewer, installation))
    throw new InvalidError("Only admins of the organisation can ask for a sync.");
  if (subject !== "" && !SPOT_SUBJECT.test(subject))
    throw new InvalidError(`"${subject}" is neither owner/name nor owner/name#number.`);
  await assertActiveInstallation(site.store.sql, installation);
  const { run, wakeUps } = await requestSync(site, {
    installationId: installation,
    mode: subject === "" ? mode : "spot",
    subject: subject === "" ? null : subject,
    requestedBy: viewer.login,
  });
  await site.wakeJobs(wakeUps);
  const act = {
    installationId: installation,
    action: "sync.request",
    target: subject === "" ? mode : subject,
    detail: { run: String(run.id) },
  };
  return { answer: { location: "/sync" }, acts: [act] };
}
