import { reportOf } from "../../health/report.js";
import {
  deliveriesByMinute,
  type Freshness,
  type Minute,
  type Quota,
  quotas,
  syncFreshness,
  type Totals,
  totals,
} from "../../reports/overview.js";
import { type Trouble, troublesOf } from "../../reports/verdict.js";
import { openAlerts } from "../../store/alerts/list-alerts.js";
import { pausedWrites } from "../../store/effects/switch.js";
import { readChecks } from "../../store/health/standings.js";
import { live } from "./layout.js";
import type { Answer, PageContext } from "./page.js";
import { Ago, Banner, Box, count, Empty, exact, Icon, span } from "./parts/basics.js";
import { BarChart, Meter } from "./parts/chart.js";
import { StateLabel } from "./parts/states.js";
import { Rows } from "./parts/table.js";

const HOUR_MS = 3_600_000;

interface Figures {
  readonly troubles: readonly Trouble[];
  readonly minutes: readonly Minute[];
  readonly quotas: readonly Quota[];
  readonly freshness: readonly Freshness[];
  readonly totals: Totals;
}

/** The problems with their remedies, or that everything works; then the figures of the day. */
export async function overview(context: PageContext): Promise<Answer> {
  const figures = await readFigures(context);
  const { viewer } = context;
  return {
    title: "Overview",
    body: (
      <div class="stack">
        <h1 class="sr">Overview</h1>
        <form class="row no-print" action="/find" method="get">
          <label class="sr" for="paste">
            Paste a pull request, issue, commit or delivery
          </label>
          <input
            id="paste"
            name="q"
            placeholder="Paste a pull request, issue, commit or delivery to see its story"
            required
          />
          <button class="primary">
            <Icon name="arrow-right" /> Show the story
          </button>
        </form>
        {viewer.installations.length === 0 ? (
          <Banner tone="note" big>
            <strong>The App is not installed on any organisation yet.</strong>
            <div class="small">
              Install it from the App's page at GitHub; its repositories and history then appear here by themselves.
            </div>
          </Banner>
        ) : (
          <div {...live(context, "verdict", ["health", "jobs", "effects"])}>
            <Verdict troubles={figures.troubles} />
          </div>
        )}
        <div {...live(context, "figures", ["deliveries", "runs", "effects", "sync", "health"])} class="stack">
          <Today totals={figures.totals} />
          <Throughput minutes={figures.minutes} />
          <div class="grid">
            <Quotas quotas={figures.quotas} />
            <Sync freshness={figures.freshness} now={context.now} />
          </div>
        </div>
      </div>
    ),
  };
}

async function readFigures({ read, scope, now, site, viewer }: PageContext): Promise<Figures> {
  const midnight = new Date(`${now.toISOString().slice(0, 10)}T00:00:00Z`);
  return read(async ({ sql }) => {
    const sums = await totals(sql, scope, midnight);
    const ids = new Set(viewer.installations.map(({ id }) => id));
    const mine = (id: bigint | null): boolean => (id === null ? viewer.operator : ids.has(id));
    const checks = (await readChecks(sql)).filter(({ installationId }) => mine(installationId));
    const paused = (await pausedWrites(sql)).filter(
      ({ installation }) => installation === null || mine(BigInt(installation)),
    );
    const alerts = (await openAlerts(sql)).filter(({ installationId }) => mine(installationId));
    const health = reportOf(checks, now, site.healthEveryMs, paused);
    return {
      troubles: troublesOf({ health, alerts, totals: sums, operator: viewer.operator }),
      minutes: await deliveriesByMinute(sql, scope, new Date(now.getTime() - HOUR_MS), now),
      quotas: await quotas(sql, scope, now),
      freshness: await syncFreshness(sql, scope),
      totals: sums,
    };
  });
}

function Verdict({ troubles }: { troubles: readonly Trouble[] }) {
  const [first, ...rest] = troubles;
  if (first === undefined)
    return (
      <Banner tone="good" big>
        <strong>Everything works.</strong> No open incident, no failed work, every check is healthy.
      </Banner>
    );
  return (
    <div class="stack">
      <Banner tone={first.severity} big>
        <strong>{first.what}.</strong>
        <TroubleText trouble={first} />
      </Banner>
      {rest.length === 0 ? null : (
        <Box title={count(rest.length, "more problem")}>
          <ul>
            {rest.slice(0, 8).map((trouble) => (
              <li class="leaf">
                <Icon name={trouble.severity === "bad" ? "x-circle-fill" : "alert"} tone={trouble.severity} />
                <div>
                  <strong>{trouble.what}</strong>
                  <TroubleText trouble={trouble} />
                </div>
              </li>
            ))}
          </ul>
        </Box>
      )}
    </div>
  );
}

function TroubleText({ trouble: { detail, remedy, href } }: { trouble: Trouble }) {
  return (
    <div class="small">
      {detail} <strong>What to do:</strong> {remedy} <a href={href}>Details</a>
    </div>
  );
}

function Today({ totals: sums }: { totals: Totals }) {
  const figures: readonly (readonly [string, number, string])[] = [
    ["waiting deliveries", sums.pending, "/activity?status=pending"],
    ["failed deliveries", sums.failed, "/activity?status=failed"],
    ["reviews today", sums.reviews, "/agents?status=done"],
    ["skipped with a reason", sums.skipped, "/agents?status=skipped"],
    ["findings today", sums.found, "/agents"],
    ["of them fixed", sums.fixed, "/agents"],
    ["effects written today", sums.written, "/operations#effects"],
  ];
  return (
    <Box title="Today">
      <div class="figures">
        {figures.map(([label, value, href]) => (
          <div>
            <b>
              <a href={href}>{value.toLocaleString("en-US")}</a>
            </b>
            <span class="small muted">{label}</span>
          </div>
        ))}
      </div>
    </Box>
  );
}

function Throughput({ minutes }: { minutes: readonly Minute[] }) {
  const total = minutes.reduce((sum, { arrived }) => sum + arrived, 0);
  const bars = minutes.map(({ at, arrived, failed, median_ms: median }) => {
    const from = at.toISOString().slice(0, 16);
    const to = new Date(at.getTime() + 59_999).toISOString().slice(0, 19);
    return {
      label: at.toISOString().slice(11, 16),
      title: `${exact(at)}: ${count(arrived, "delivery", "deliveries")}${failed > 0 ? `, ${failed} failed` : ""}`,
      value: arrived,
      bad: failed,
      along: median,
      href: `/activity?from=${from}&to=${to}`,
    };
  });
  const busy = minutes.filter(({ arrived }) => arrived > 0);
  return (
    <Box
      title="Deliveries in the last hour"
      end={
        <span class="muted small">
          {count(total, "delivery", "deliveries")}, by minute (UTC); line: median time to process
        </span>
      }
    >
      <div class="body">
        <BarChart title="Deliveries by minute in the last hour" bars={bars} every={10} />
        <details class="fold">
          <summary>As a table</summary>
          {busy.length === 0 ? (
            <p class="muted">No deliveries in the last hour.</p>
          ) : (
            <Rows
              caption="Deliveries by minute"
              rows={busy}
              columns={[
                { label: "Minute", show: ({ at }: Minute) => exact(at), csv: ({ at }) => at.toISOString() },
                { label: "Arrived", class: "num", show: ({ arrived }) => arrived, csv: ({ arrived }) => arrived },
                { label: "Failed", class: "num", show: ({ failed }) => failed, csv: ({ failed }) => failed },
                {
                  label: "Median",
                  class: "num",
                  show: ({ median_ms: ms }) => (ms === null ? "" : span(ms)),
                  csv: ({ median_ms: ms }) => ms,
                },
              ]}
            />
          )}
        </details>
      </div>
    </Box>
  );
}

function Quotas({ quotas: all }: { quotas: readonly Quota[] }) {
  return (
    <Box title="Quota at GitHub">
      {all.length === 0 ? (
        <Empty icon="graph" title="No calls yet">
          The rate limit appears with GitHub's first response.
        </Empty>
      ) : (
        <ul>
          {all.map(({ account, resource, remaining, quota_limit: limit, share, forecast }) => (
            <li>
              <div class="row">
                <strong>{account}</strong> <span class="muted">{resource}</span>
                <span class="end small num">
                  {remaining === null || limit === null
                    ? ""
                    : `${remaining.toLocaleString("en-US")} of ${limit.toLocaleString("en-US")}`}
                </span>
              </div>
              {share === null ? null : <Meter share={share} label={`${account} ${resource} quota left`} />}
              <div class="small muted">{forecast}</div>
            </li>
          ))}
        </ul>
      )}
    </Box>
  );
}

function Sync({ freshness, now }: { freshness: readonly Freshness[]; now: Date }) {
  return (
    <Box title="Mirror" end={<a href="/sync">Sync runs</a>}>
      {freshness.length === 0 ? (
        <Empty icon="sync" title="Nothing to read yet">
          The mirror fills when the App is installed.
        </Empty>
      ) : (
        <ul>
          {freshness.map(({ account, finished_at: at, status, repositories, pulls }) => (
            <li>
              <div class="row">
                <strong>{account}</strong> {status === null ? null : <StateLabel of="sync" state={status} />}
              </div>
              <div class="small muted">
                {count(repositories, "repository", "repositories")}, {count(pulls, "open pull request")} · last read
                completely <Ago at={at} now={now} />
              </div>
            </li>
          ))}
        </ul>
      )}
    </Box>
  );
}
