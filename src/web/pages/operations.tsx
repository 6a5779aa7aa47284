import { reportOf, type HealthReport } from "../../health/report.js";
import { readOperations } from "../../reports/operations.js";
import { pausedWrites } from "../../store/effects/switch.js";
import { readChecks } from "../../store/health/standings.js";
import { Acts } from "./operations-acts.js";
import { live } from "./layout.js";
import { Effects } from "./operations-effects.js";
import { Alerts, DeadLetters, Drift, Queues } from "./operations-tables.js";
import type { ShownSetting } from "../../config/shown-settings.js";
import type { Answer, DoctorFinding, PageContext } from "./page.js";
import { Ago, Banner, count, Empty, foreign, Icon } from "./parts/basics.js";
import { StateLabel } from "./parts/states.js";
import { Rows } from "./parts/table.js";

const PARTS = [
  ["health", "Health"],
  ["queues", "Queues"],
  ["dead-letters", "Dead letters"],
  ["alerts", "Incidents"],
  ["drift", "Drift ledger"],
  ["effects", "Effects"],
  ["acts", "Audit log"],
  ["configuration", "Configuration"],
] as const;

/** The state of the app: health, queues, losses, incidents, effects and configuration. */
export async function operations(context: PageContext): Promise<Answer> {
  const { scope, now, site, viewer, url } = context;
  const ids = new Set(scope.installations.map(({ id }) => id));
  const mine = (id: bigint | null): boolean => (id === null ? viewer.operator : ids.has(id));
  const [rows, health] = await context.read(async (reading) => {
    const checks = (await readChecks(reading.sql)).filter(({ installationId }) => mine(installationId));
    const paused = (await pausedWrites(reading.sql)).filter(
      ({ installation }) => installation === null || mine(BigInt(installation)),
    );
    return [await readOperations(reading, scope), reportOf(checks, now, site.healthEveryMs, paused)] as const;
  });
  const asksDoctor = viewer.operator && url.searchParams.has("doctor");
  const findings = asksDoctor && site.doctor ? await site.doctor() : null;
  return {
    title: "Operations",
    body: (
      <div class="stack">
        <div class="title">
          <div>
            <h1>Operations</h1>
            <p class="muted">Health, queues, losses, incidents, writes and configuration of this app.</p>
          </div>
          {viewer.operator && site.doctor ? (
            <a class="btn" href="/operations?doctor=1#doctor">
              <Icon name="pulse" /> Run the doctor
            </a>
          ) : null}
        </div>
        <nav class="row small no-print" aria-label="Parts of this page">
          {PARTS.filter(([id]) => id !== "configuration" || viewer.operator).map(([id, label]) => (
            <a class="pill" href={`#${id}`}>
              {label}
            </a>
          ))}
        </nav>
        {findings === null ? null : <Doctor findings={findings} />}
        <div {...live(context, "ops", ["jobs", "health", "drift", "effects"])} class="stack">
          <Health health={health} now={now} operator={viewer.operator} />
          <Queues queues={rows.queues} now={now} />
          <DeadLetters jobs={rows.dead} context={context} />
          <Alerts alerts={rows.alerts} now={now} />
          <Drift entries={rows.drift} now={now} />
          <Effects effects={rows.effects} now={now} />
          <Acts acts={rows.acts} viewer={viewer} now={now} />
        </div>
        {viewer.operator ? <Settings settings={site.settings} /> : null}
      </div>
    ),
  };
}

function Health({ health, now, operator }: { health: HealthReport; now: Date; operator: boolean }) {
  const groups = [
    ...(operator ? [{ name: "The app", checks: health.app }] : []),
    ...health.installations.map(({ account, id, checks }) => ({ name: account ?? `Installation ${id}`, checks })),
  ];
  const rows = groups.flatMap(({ name, checks }) => checks.map((check) => ({ name, ...check })));
  type Row = (typeof rows)[number];
  return (
    <section class="box" id="health">
      <header>
        <h2>Health</h2>
        <div class="end row">
          <StateLabel of="health" state={health.state} />
        </div>
      </header>
      {operator && health.stale !== null ? (
        <div class="body">
          <Banner tone="warn">{health.stale}</Banner>
        </div>
      ) : null}
      {rows.length === 0 ? (
        <Empty icon="pulse" title="Not checked yet">
          A worker runs the health checks every five minutes.
        </Empty>
      ) : (
        <Rows
          caption="Health checks"
          rows={rows}
          columns={[
            {
              label: "State",
              show: ({ state }: Row) => <StateLabel of="health" state={state} />,
              csv: ({ state }) => state,
            },
            { label: "Of", show: ({ name }) => name, csv: ({ name }) => name },
            { label: "Check", show: ({ check }) => check.replaceAll("-", " "), csv: ({ check }) => check },
            {
              label: "Reason",
              class: "wide",
              show: ({ reason, remedy, unread }) => (
                <>
                  {foreign(reason, 300)}
                  {remedy === null ? null : (
                    <div class="small">
                      <strong>What to do:</strong> {foreign(remedy, 300)}
                    </div>
                  )}
                  {unread === null ? null : (
                    <div class="small muted">The latest check could not be made: {foreign(unread, 200)}</div>
                  )}
                </>
              ),
              csv: ({ reason }) => reason,
            },
            {
              label: "Checked",
              class: "nowrap",
              show: ({ checkedAt }) => <Ago at={new Date(checkedAt)} now={now} />,
              csv: ({ checkedAt }) => checkedAt,
            },
          ]}
        />
      )}
    </section>
  );
}

function Doctor({ findings }: { findings: readonly DoctorFinding[] }) {
  return (
    <section class="box" id="doctor">
      <header>
        <h2>Doctor</h2>
      </header>
      <Rows
        caption="Findings of the doctor"
        rows={findings}
        columns={[
          {
            label: "State",
            show: ({ status }: DoctorFinding) => <StateLabel of="doctor" state={status} />,
            csv: ({ status }) => status,
          },
          { label: "Check", show: ({ check }) => check, csv: ({ check }) => check },
          {
            label: "Finding",
            class: "wide",
            show: ({ detail, remedy }) => (
              <>
                {foreign(detail, 400)}
                {remedy === null ? null : (
                  <div class="small">
                    <strong>What to do:</strong> {foreign(remedy, 400)}
                  </div>
                )}
              </>
            ),
            csv: ({ detail }) => detail,
          },
        ]}
      />
    </section>
  );
}

function Settings({ settings }: { settings: readonly ShownSetting[] }) {
  const given = settings.filter(({ isSet }) => isSet);
  const rest = settings.filter(({ isSet }) => !isSet);
  return (
    <section class="box" id="configuration">
      <header>
        <h2>Configuration</h2>
        <div class="end row small muted">Secrets are never shown</div>
      </header>
      {given.length === 0 ? (
        <p class="body muted">No environment variable of the app is set: every default holds.</p>
      ) : (
        <SettingRows caption="Variables that are set" settings={given} />
      )}
      <details class="body fold">
        <summary>{count(rest.length, "variable")} not set</summary>
        <SettingRows caption="Variables that are not set" settings={rest} />
      </details>
    </section>
  );
}

function SettingRows({ caption, settings }: { caption: string; settings: readonly ShownSetting[] }) {
  return (
    <Rows
      caption={caption}
      rows={settings}
      columns={[
        { label: "Variable", show: ({ name }: ShownSetting) => <code>{name}</code>, csv: ({ name }) => name },
        {
          label: "Value",
          class: "wide",
          show: ({ value, secret }) =>
            secret ? <span class="muted">{value}</span> : <span class="mono">{foreign(value, 200)}</span>,
          csv: ({ value }) => value,
        },
        {
          label: "Meaning",
          class: "wide",
          show: ({ note }) => <span class="muted">{note}</span>,
          csv: ({ note }) => note,
        },
      ]}
    />
  );
}
