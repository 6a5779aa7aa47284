import { Command, InvalidArgumentError, Option } from "commander";
import { deliveriesOf, doraReport, type DoraReport } from "../reports/dora/report.js";
import { csvLines, receiptOf, shapeOf, spanOf } from "../reports/dora/shape.js";
import { type Unit, UNITS } from "../reports/dora/figures.js";
import { plain } from "../reports/plain.js";
import type { Store } from "../store/store.js";
import { csvLine } from "../web/pages/parts/table.js";
import { loadConfig, withStore } from "./open.js";
import { renderTable } from "./table.js";

interface Options {
  readonly repository?: string;
  readonly service?: string;
  readonly environment?: string;
  readonly unit: Unit;
  readonly since?: Date;
  readonly csv?: true;
  readonly json?: true;
  readonly receipts?: true;
}

export function doraCommand(): Command {
  return new Command("dora")
    .description("show the DORA metrics of each service and environment, and their deployments")
    .option("--repository <owner/name>", "one repository; default: all of them")
    .option("--service <name>", "one service")
    .option("--environment <name>", "one environment, such as production")
    .addOption(new Option("--unit <unit>", "the length of a period").choices([...UNITS]).default("week"))
    .option("--since <date>", "the start, such as 2026-11-01; default: 30 days, 12 weeks or 12 months ago", toDate)
    .option("--receipts", "list each deployment with its changes and deliveries")
    .option("--csv", "print one line a period as CSV")
    .option("--json", "print the metrics as JSON")
    .action(async (options: Options) => {
      await withStore(await loadConfig(), async (store) => process.stdout.write(await textOf(store, options)));
    });
}

function toDate(text: string): Date {
  const at = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(at.getTime())) throw new InvalidArgumentError(`'${text}' is not a date such as 2026-11-01.`);
  return at;
}

async function textOf({ sql }: Store, options: Options): Promise<string> {
  const now = new Date();
  const { repository = null, service = null, environment = null, unit, since } = options;
  const span = { ...spanOf(unit, now), ...(since === undefined ? {} : { from: since }) };
  const report = await doraReport(sql, { repository, service, environment, unit, ...span, now });
  if (options.csv) return `${csvLines(report).map(csvLine).join("\n")}\n`;
  const judged = report.courses.flatMap(({ periods }) => periods.flatMap((period) => period.judged));
  const told = options.receipts ? await deliveriesOf(sql, judged) : new Map<string, readonly string[]>();
  const receipts = judged.map((each) =>
    receiptOf(
      each,
      report.repositories,
      each.attempt.rows.flatMap(({ key }) => told.get(key) ?? []),
    ),
  );
  if (options.json)
    return `${JSON.stringify({ ...shapeOf(report), ...(options.receipts ? { receipts } : {}) }, null, 2)}\n`;
  if (report.courses.length === 0) return "No deployment is stored. Run a sync, or check the filters.\n";
  return `${[table(report), ...(options.receipts ? receipts.map(receiptLines) : [])].join("\n")}\n`;
}

const HEAD = [
  "service",
  "environment",
  "deployments",
  "lead time",
  "fail rate",
  "recovery",
  "rework",
  "success",
  "unknown",
];

function table(report: DoraReport): string {
  const rows = report.courses.map(({ service, environment, total }) => {
    const { leadTime, failRate, recoveryTime, reworkRate, successRate, deployments } = total;
    const unknown = Object.values(leadTime.unknown).reduce((sum, count) => sum + count, 0);
    return [
      plain(service),
      plain(environment),
      String(deployments),
      spread(leadTime.median, leadTime.p90, leadTime.samples),
      share(failRate.part, failRate.of),
      spread(recoveryTime.median, recoveryTime.p90, recoveryTime.samples),
      share(reworkRate.part, reworkRate.of),
      share(successRate.part, successRate.of),
      String(unknown),
    ];
  });
  return renderTable(HEAD, rows, { columns: process.stdout.columns, optional: [] });
}

const HOUR_MS = 3_600_000;

function spread(median: number | null, p90: number | null, samples: number): string {
  const hours = (ms: number): string => (ms / HOUR_MS).toFixed(1);
  return median === null || p90 === null ? "–" : `${hours(median)} h, p90 ${hours(p90)} h (${samples})`;
}

function share(part: number, of: number): string {
  return of === 0 ? "–" : `${Math.round((100 * part) / of)} % (${part} of ${of})`;
}

function receiptLines(receipt: ReturnType<typeof receiptOf>): string {
  const changes = receipt.changes.map(
    ({ pullRequest, shas, leadSeconds }) =>
      `  ${pullRequest === null ? (shas[0]?.slice(0, 7) ?? "") : `#${pullRequest}`}: ${
        leadSeconds === null ? "first commit not known" : `${(leadSeconds / 3600).toFixed(1)} h`
      }, ${shas.map((sha) => sha.slice(0, 7)).join(" ")}`,
  );
  const failed = receipt.failed === null ? "" : `, failed: ${receipt.failed.rule} ${receipt.failed.by ?? ""}`;
  const unknown = receipt.unknown === null ? "" : `, changes unknown: ${receipt.unknown}`;
  const lines = [
    `${receipt.succeededAt} ${receipt.repository} ${receipt.sha.slice(0, 7)} ${receipt.deployments.join(" ")} ${receipt.direction}${failed}${unknown}`,
    ...changes,
    ...receipt.deliveries.map((guid) => `  delivery ${guid}`),
  ];
  return lines.map(plain).join("\n");
}
