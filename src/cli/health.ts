import { Command } from "commander";
import { plain } from "../reports/plain.js";
import type { HealthState } from "../health/level.js";
import { pausedRemedy, pausedWords } from "../health/paused-writes.js";
import { type CheckReport, type HealthReport, reportOf } from "../health/report.js";
import { HEALTH_EVERY_MS } from "../host/health.js";
import { type DriftSummary, summarizeDrift } from "../store/drift/summary.js";
import { openAlerts, type UnsentNotice, unsentNotices } from "../store/alerts/list-alerts.js";
import type { Alert } from "../store/alerts/alert-row.js";
import { pausedWrites } from "../store/effects/switch.js";
import { readChecks } from "../store/health/standings.js";
import { assertInstallation } from "../store/tenants/assert-installation.js";
import { EXIT, reportFailure } from "./failure.js";
import { toId } from "./installations.js";
import { loadConfig, withStore } from "./open.js";
import { colours } from "./output.js";
import { renderTable } from "./table.js";

interface Options {
  readonly installation?: bigint;
  readonly json?: true;
}

const DAY_MS = 24 * 60 * 60_000;
const EXIT_OF = {
  healthy: EXIT.ok,
  degraded: EXIT.failed,
  unhealthy: EXIT.misconfigured,
  unknown: EXIT.unknown,
} as const;

export function healthCommand(): Command {
  return new Command("health")
    .description(
      "show the state of the app and its installations at the last check; exits 0 healthy, 1 degraded, 2 unhealthy, 3 unknown",
    )
    .option("--installation <id>", "the app and one installation; default: all of them", toId)
    .option("--json", "print the report as JSON")
    .action(async (options: Options) => {
      const found = await read(options).catch((error: unknown) => {
        reportFailure(error);
        // Exit code 1 would mean 'degraded'.
        if (process.exitCode === EXIT.failed) process.exitCode = EXIT.unknown;
      });
      if (!found) return;
      const { report, drift, told, where } = found;
      const json = (): string => `${JSON.stringify({ ...report, drift, ...jsonOf(told) }, null, 2)}\n`;
      process.stdout.write(options.json ? json() : draw(report, drift, told, where));
      process.exitCode = EXIT_OF[report.state];
    });
}

async function read({ installation: installationId = null }: { readonly installation?: bigint | null }) {
  return withStore(await loadConfig(), async ({ sql }, _url, where) => {
    if (installationId !== null) await assertInstallation(sql, installationId);
    const now = new Date();
    const paused = await pausedWrites(sql, installationId);
    const report = reportOf(await readChecks(sql, installationId), now, HEALTH_EVERY_MS, paused);
    const since = new Date(now.getTime() - DAY_MS);
    const drift = await summarizeDrift(sql, { since, installationId });
    const open = await openAlerts(sql);
    const alerts = open.filter(({ installationId: of }) => of === null || [null, of].includes(installationId));
    return { report, drift, told: { alerts, unsent: await unsentNotices(sql, installationId) }, where };
  });
}

/** The open incidents, and the alerts that could not be sent. */
interface Told {
  readonly alerts: readonly Alert[];
  readonly unsent: readonly UnsentNotice[];
}

const COLOURS = {
  healthy: colours.green,
  degraded: colours.yellow,
  unhealthy: colours.red,
  unknown: colours.yellow,
} as const;

const HEAD = ["", "check", "state", "since", "reason"];
const SINCE = HEAD.indexOf("since");

function draw(report: HealthReport, drift: readonly DriftSummary[], { alerts, unsent }: Told, where: string): string {
  const rows = [
    ...report.app.map((check) => row("app", check)),
    ...report.installations.flatMap(({ id, account, checks }) => checks.map((check) => row(account ?? id, check))),
  ];
  const remedies = [...report.app, ...report.installations.flatMap(({ checks }) => checks)].flatMap(
    ({ check, remedy }) => (remedy === null ? [] : [`${check}: ${colours.bold(remedy)}`]),
  );
  const lines = [
    ...(report.stale === null ? [] : [colours.red(report.stale)]),
    ...(report.app.length === 0
      ? []
      : [renderTable(HEAD, rows, { columns: process.stdout.columns, optional: [SINCE] })]),
    ...new Set(remedies),
    ...report.writesPaused.map(
      (paused) => `${colours.yellow(plain(pausedWords(paused)))}: ${colours.bold(pausedRemedy(paused))}`,
    ),
    ...drift.map(lost),
    ...alerts.map(incident),
    ...unsent.map(untold),
    `${COLOURS[report.state](report.state)} (${where})`,
  ];
  return `${lines.join("\n")}\n`;
}

function row(scope: string, { check, state, since, reason, pending, unread }: CheckReport): string[] {
  const more = [
    ...(pending === null ? [] : [`changing to ${pending.state}: ${pending.reason}`]),
    ...(unread === null ? [] : [`the latest check failed: ${unread}`]),
  ];
  const colour = (text: HealthState): string => COLOURS[text](text);
  return [scope, check, colour(state), minute(since), [reason, ...more].join("\n")];
}

function lost(summary: DriftSummary): string {
  const {
    cause,
    lost: count,
    healed_by_redelivery: redelivered,
    healed_by_sync: read,
    open,
    given_up: givenUp,
  } = summary;
  const median = summary.median_seconds === null ? "" : `, half of them within ${Math.round(summary.median_seconds)} s`;
  return `lost in the last day, ${cause}: ${count} (${redelivered} repeated, ${read} read again, ${open} open, ${givenUp} given up${median})`;
}

function incident({ openedAt, severity, title, detail }: Alert): string {
  return `open since ${minute(openedAt.toISOString())}, ${severity}: ${plain(title)}: ${plain(detail)}`;
}

function untold({ sink, title, attempts, retryAt, error }: UnsentNotice): string {
  const next = retryAt === null ? "" : `, next at ${minute(retryAt.toISOString())}`;
  return colours.red(`not sent to ${sink}: ${plain(title)} (${attempts} tries${next}): ${plain(error)}`);
}

function minute(at: string): string {
  return at.slice(0, 16).replace("T", " ");
}

function jsonOf({ alerts, unsent }: Told) {
  return {
    alerts: alerts.map(({ id, installationId: of, ...alert }) => {
      return { id: String(id), installation: of === null ? null : String(of), ...alert };
    }),
    unsent: unsent.map(({ alertId, ...notice }) => ({ alert: String(alertId), ...notice })),
  };
}
