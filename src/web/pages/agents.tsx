import { mutedRules } from "../../agents/code-review/precision.js";
import { type ListedRun, listRuns } from "../../reports/agent-runs.js";
import { AGENTS } from "../../runs/registry.js";
import { type DayCost, modelCosts, type RulePrecision, rulePrecision } from "../../reports/precision.js";
import { type ShadowReport, shadowReport } from "../../store/reviews/shadow-report.js";
import { sayCost } from "../../agents/model/tally.js";
import type { Answer, PageContext } from "./page.js";
import { Ago, Box, Empty, foreign, Icon, Sha, span } from "./parts/basics.js";
import { Choice, Filters, isFiltered, TextField } from "./parts/filters.js";
import { StateLabel } from "./parts/states.js";
import { type Column, exported, given, Listing, Rows, type TableOptions, wantedOf } from "./parts/table.js";

const FILTERS = ["agent", "repository", "status", "text"];
const NAMES = AGENTS.map(({ name }) => name);

function columnsOf(now: Date): readonly Column<ListedRun>[] {
  return [
    {
      label: "When",
      class: "nowrap",
      sorted: true,
      show: ({ at }) => <Ago at={at} now={now} />,
      csv: ({ at }) => at.toISOString(),
    },
    {
      label: "Outcome",
      show: ({ status, skipped, shadow }) => (
        <>
          <StateLabel of="run" state={skipped === null ? status : "skipped"} />{" "}
          {shadow ? <span class="pill">shadow</span> : null}
        </>
      ),
      csv: ({ status }) => status,
    },
    { label: "Agent", show: ({ agent }) => agent, csv: ({ agent }) => agent },
    {
      label: "About",
      show: ({ repository, number, head_sha: head }) => (
        <>
          {number === null ? (
            repository
          ) : (
            <a href={`/story/${repository ?? "unknown/unknown"}/${number}`}>{`${repository ?? ""}#${number}`}</a>
          )}{" "}
          {head === null ? null : <Sha sha={head} />}
        </>
      ),
      csv: ({ repository, number }) => `${repository ?? ""}#${number ?? ""}`,
    },
    {
      label: "Reason",
      class: "wide",
      show: ({ reason, trigger, model }) => (
        <>
          {foreign(reason, 200)}
          <div class="small muted">
            for {trigger}
            {model ? ` · ${sayCost(model)}` : ""}
          </div>
        </>
      ),
      csv: ({ reason }) => reason,
    },
    { label: "New findings", class: "num", show: ({ found }) => found, csv: ({ found }) => found },
    { label: "Requests", class: "num", show: ({ requests }) => requests, csv: ({ requests }) => requests },
    { label: "Took", class: "num", show: ({ duration_ms: ms }) => span(ms), csv: ({ duration_ms: ms }) => ms },
  ];
}

/** The agents' decisions with their reasons, the precision of their rules, and their cost. */
export async function agents(context: PageContext): Promise<Answer> {
  const { url, scope, now } = context;
  const filter = {
    agent: given(url, "agent"),
    repository: given(url, "repository"),
    status: given(url, "status"),
    text: given(url, "text"),
  };
  const options: TableOptions<ListedRun> = {
    id: "runs",
    caption: "Agent runs",
    columns: columnsOf(now),
    topics: ["runs"],
    empty: isFiltered(url, FILTERS)
      ? { icon: "search", title: "No run matches", text: "Change the filter, or clear it." }
      : {
          icon: "hubot",
          title: "No agent has run yet",
          text: "The first run follows the first pull request that opens or changes.",
        },
  };
  const file = await exported(context, options, (wanted) =>
    context.read(({ sql }) => listRuns(sql, scope, filter, wanted)),
  );
  if (file) return file;
  const [page, rules, costs, shadow] = await context.read(
    async ({ sql }) =>
      [
        await listRuns(sql, scope, filter, wantedOf(url)),
        await rulePrecision(sql, scope),
        await modelCosts(sql, scope, now),
        await shadowReport(
          sql,
          given(url, "repository") ?? null,
          scope.installations.map(({ id }) => id),
        ),
      ] as const,
  );
  return {
    title: "Agents",
    body: (
      <div class="stack">
        <div class="title">
          <div>
            <h1>Agents</h1>
            <p class="muted">Every decision with its reason, and how right the rules are.</p>
          </div>
        </div>
        <div class="grid">
          <Precision rules={rules} />
          <div class="stack">
            <Costs costs={costs} />
            <Shadow report={shadow} />
          </div>
        </div>
        <section>
          <h2>Runs</h2>
          <Filters action="/agents" active={isFiltered(url, FILTERS)}>
            <TextField name="text" label="Reason" url={url} wide />
            <Choice
              name="agent"
              label="Agent"
              url={url}
              options={[["", "Any"], ...NAMES.map((name) => [name, name] as const)]}
            />
            <Choice
              name="status"
              label="Outcome"
              url={url}
              options={[
                ["", "Any"],
                ["done", "done"],
                ["skipped", "skipped"],
                ["abandoned", "abandoned"],
                ["decided", "writing"],
              ]}
            />
            <TextField name="repository" label="Repository" url={url} hint="owner/name" />
          </Filters>
          <Listing context={context} page={page} options={options} />
        </section>
      </div>
    ),
  };
}

function Precision({ rules }: { rules: readonly RulePrecision[] }) {
  const muted = new Set(mutedRules(rules, { rules: {}, paths: [] }).map(({ rule }) => rule));
  const columns: readonly Column<RulePrecision>[] = [
    {
      label: "Rule",
      show: ({ rule }) => (
        <>
          <code>{foreign(rule, 80)}</code>{" "}
          {muted.has(rule) ? (
            <span class="pill">
              <Icon name="mute" /> would be muted
            </span>
          ) : null}
        </>
      ),
      csv: ({ rule }) => rule,
    },
    { label: "Shown", class: "num", show: ({ shown }) => shown, csv: ({ shown }) => shown },
    { label: "Open", class: "num", show: ({ open }) => open, csv: ({ open }) => open },
    { label: "Fixed", class: "num", show: ({ fixed }) => fixed, csv: ({ fixed }) => fixed },
    { label: "Dismissed", class: "num", show: ({ dismissed }) => dismissed, csv: ({ dismissed }) => dismissed },
    {
      label: "Precision",
      class: "num",
      show: ({ precision }) => (precision === null ? "–" : `${Math.round(precision * 100)} %`),
      csv: ({ precision }) => precision,
    },
  ];
  return (
    <Box
      title="Precision by rule"
      end={<span class="small muted">a repository mutes a rule below 50 % of 20 findings</span>}
    >
      {rules.length === 0 ? (
        <Empty icon="law" title="No findings yet">
          Precision is the share of findings that people did not dismiss or ignore.
        </Empty>
      ) : (
        <Rows caption="Precision by rule" columns={columns} rows={rules} />
      )}
    </Box>
  );
}

function Costs({ costs }: { costs: readonly DayCost[] }) {
  const columns: readonly Column<DayCost>[] = [
    { label: "Day", show: ({ day }) => day.toISOString().slice(0, 10), csv: ({ day }) => day.toISOString() },
    { label: "Model", show: ({ model }) => foreign(model, 80), csv: ({ model }) => model },
    { label: "Calls", class: "num", show: ({ calls }) => calls, csv: ({ calls }) => calls },
    {
      label: "Tokens",
      class: "num",
      show: ({ tokens }) => tokens.toLocaleString("en-US"),
      csv: ({ tokens }) => tokens,
    },
    {
      label: "Cost",
      class: "num",
      show: ({ micros }) => `$${(micros / 1_000_000).toFixed(4)}`,
      csv: ({ micros }) => micros / 1_000_000,
    },
  ];
  return (
    <Box title="Model cost, 14 days">
      {costs.length === 0 ? (
        <Empty icon="cpu" title="No model was asked">
          Reviews work without one. Set AI_PROVIDER, AI_MODEL and AI_API_KEY to add a second reader.
        </Empty>
      ) : (
        <Rows caption="Model cost by day" columns={columns} rows={costs} />
      )}
    </Box>
  );
}

function Shadow({ report: { rules } }: { report: ShadowReport }) {
  type Row = ShadowReport["rules"][number];
  const columns: readonly Column<Row>[] = [
    { label: "Rule", show: ({ rule }) => <code>{foreign(rule, 80)}</code>, csv: ({ rule }) => rule },
    { label: "Found", class: "num", show: ({ found }) => found, csv: ({ found }) => found },
    { label: "Fixed anyway", class: "num", show: ({ fixed }) => fixed, csv: ({ fixed }) => fixed },
    { label: "Merged as it was", class: "num", show: ({ merged }) => merged, csv: ({ merged }) => merged },
    { label: "Open", class: "num", show: ({ open }) => open, csv: ({ open }) => open },
  ];
  return (
    <Box title="Shadow report">
      {rules.length === 0 ? (
        <Empty icon="eye" title="No repository is in shadow mode">
          With shadow: true in .github/companyos.yml reviews decide and write nothing; what they would have said is
          compared here.
        </Empty>
      ) : (
        <Rows caption="What shadow runs would have said" columns={columns} rows={rules} />
      )}
    </Box>
  );
}
