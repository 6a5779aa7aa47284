import Table from "cli-table3";
import { Command } from "commander";
import pc from "picocolors";
import { InvalidError } from "../errors.js";
import type { HealthState } from "../health/level.js";
import { type CheckReport, type HealthReport, reportOf } from "../health/report.js";
import { HEALTH_EVERY_MS } from "../host/health.js";
import { type DriftSummary, summarizeDrift } from "../store/drift/summary.js";
import { readChecks } from "../store/health/standings.js";
import { loadConfig, withStore } from "./open.js";

interface Options {
  readonly installation?: string;
  readonly json?: true;
}

const DAY_MS = 24 * 60 * 60_000;
const EXIT = { healthy: 0, degraded: 1, unknown: 1, unhealthy: 2 } as const;

export function healthCommand(): Command {
  return new Command("health")
    .description(
      "show how the app and its installations are, as last looked at; exit code 0 healthy, 1 degraded, 2 unhealthy",
    )
    .option("--installation <id>", "the app and one installation; default: all of them")
    .option("--json", "print the report as JSON")
    .action(async (options: Options) => {
      const { report, drift } = await read(options);
      process.stdout.write(options.json ? `${JSON.stringify({ ...report, drift }, null, 2)}\n` : draw(report, drift));
      process.exitCode = EXIT[report.state];
    });
}

function read({ installation }: Options) {
  if (installation !== undefined && !/^\d+$/.test(installation))
    throw new InvalidError(`--installation takes a number, not '${installation}'`);
  const installationId = installation === undefined ? null : BigInt(installation);
  return withStore(loadConfig(), async ({ sql }) => {
    const now = new Date();
    const report = reportOf(await readChecks(sql, installationId), now, HEALTH_EVERY_MS);
    const since = new Date(now.getTime() - DAY_MS);
    return { report, drift: await summarizeDrift(sql, { since, installationId }) };
  });
}

const COLOURS = { healthy: pc.green, degraded: pc.yellow, unhealthy: pc.red, unknown: pc.yellow } as const;

function draw(report: HealthReport, drift: readonly DriftSummary[]): string {
  const table = new Table({ head: ["", "check", "state", "since", "reason"], style: { head: [], border: [] } });
  for (const check of report.app) table.push(row("app", check));
  for (const { id, account, checks } of report.installations)
    for (const check of checks) table.push(row(account ?? id, check));
  const remedies = [...report.app, ...report.installations.flatMap(({ checks }) => checks)].flatMap(
    ({ check, remedy }) => (remedy === null ? [] : [`${check}: ${pc.bold(remedy)}`]),
  );
  const lines = [
    ...(report.stale === null ? [] : [pc.red(report.stale)]),
    ...(report.app.length === 0 ? [] : [table.toString()]),
    ...new Set(remedies),
    ...drift.map(lost),
    COLOURS[report.state](report.state),
  ];
  return `${lines.join("\n")}\n`;
}

function row(scope: string, { check, state, since, reason, pending, unread }: CheckReport): string[] {
  const more = [
    ...(pending === null ? [] : [`last seen ${pending.state}: ${pending.reason}`]),
    ...(unread === null ? [] : [`last not read: ${unread}`]),
  ];
  const colour = (text: HealthState): string => COLOURS[text](text);
  return [scope, check, colour(state), since.slice(0, 16).replace("T", " "), [reason, ...more].join("\n")];
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
