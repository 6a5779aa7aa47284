import { Command } from "commander";
import { judgeBy, type LabelModel } from "../agents/triage/label-model.js";
import { GoneError, InvalidError } from "../errors.js";
import { plain } from "../reports/plain.js";
import { requestBacklog } from "../runs/triage/backlog-job.js";
import { findRepositoryNamed, type KnownRepository } from "../store/repositories/find-repository.js";
import type { Sql } from "../store/store.js";
import { activeInstallations } from "../store/sync/repositories.js";
import { backlogCounts, backlogIssues, labelNames } from "../store/triage/backlog.js";
import { findModel } from "../store/triage/learning.js";
import { type TriageWeek, triageWeeks } from "../store/triage/record.js";
import { loadConfig, withStore } from "./open.js";
import { renderTable } from "./table.js";
import { openWakeUps } from "./wake-ups.js";

/** How many issues a dry run of the backlog judges. */
const MOST_JUDGED = 5_000;
const EXAMPLES = 3;
const WEEKS = 12;
const WEEK_MS = 7 * 86_400_000;

export function triageCommand(): Command {
  return new Command("triage")
    .description("triage open issues that came before the App, and report how right triage was")
    .option("--backlog <repository>", "judge the open issues of owner/name that triage has not judged yet")
    .option("--dry-run", "with --backlog: print which labels would be added, and change nothing")
    .action(async ({ backlog, dryRun }: { backlog?: string; dryRun?: true }) => {
      if (backlog === undefined) throw new InvalidError("Name a repository with --backlog, or use 'triage report'.");
      const config = await loadConfig();
      await withStore(config, async (store, url, where) => {
        const repository = await named(store.sql, backlog, where);
        const on = { installationId: repository.installationId, repositoryId: repository.ref.id, since: new Date() };
        const { waiting, judged } = await backlogCounts(store.sql, on);
        process.stdout.write(`${backlog}: ${judged} open issues judged, ${waiting} not yet.\n`);
        if (dryRun) {
          process.stdout.write(await preview(store.sql, on));
          return;
        }
        if (waiting === 0) return;
        const wakeUps = await requestBacklog(store, repository, new Date());
        const queues = await openWakeUps(config, url);
        await queues.add(wakeUps);
        await queues.close();
        process.stdout.write(
          "A running server judges them, newest first, within triage.writesPerDay. Run this command again for the progress.\n",
        );
      });
    })
    .addCommand(
      new Command("report")
        .description("labels and duplicates by week: confirmed, refused by people, missed")
        .argument("[repository]", "owner/name; default: all of them")
        .option("--json", "print the report as JSON")
        .action(async (repository: string | undefined, options: { json?: true }) => {
          await withStore(await loadConfig(), async ({ sql }, _url, where) => {
            const found = repository === undefined ? null : await named(sql, repository, where);
            const installations = found ? [found.installationId] : await activeInstallations(sql);
            const since = new Date(Date.now() - WEEKS * WEEK_MS);
            const weeks = await triageWeeks(sql, installations, { since, repositoryId: found?.ref.id ?? null });
            process.stdout.write(options.json ? `${JSON.stringify(weeks, null, 2)}\n` : renderWeeks(weeks));
          });
        }),
    );
}

async function named(sql: Sql, name: string, where: string): Promise<KnownRepository> {
  const found = await findRepositoryNamed(sql, name);
  if (!found) throw new GoneError(`No repository '${name}' is stored in ${where}.`);
  return found;
}

/** By the model and the mirror alone: issue forms are read when the backlog runs. */
async function preview(
  sql: Sql,
  on: { readonly installationId: bigint; readonly repositoryId: bigint; readonly since: Date },
): Promise<string> {
  const stored = await findModel(sql, on);
  if (stored === null) return "No model is trained yet: a running server trains it before the first decision.\n";
  const issues = await backlogIssues(sql, on, MOST_JUDGED);
  const existing = new Set((await labelNames(sql, on)).map((name) => name.toLowerCase()));
  const byLabel = wouldAdd(stored.model, issues, existing);
  if (byLabel.size === 0) return `Of ${issues.length} issues none would get a label.\n`;
  const rows = [...byLabel].map(([label, numbers]) => [
    plain(label),
    String(numbers.length),
    numbers
      .slice(0, EXAMPLES)
      .map((number) => `#${number}`)
      .join(" "),
  ]);
  const { columns } = process.stdout;
  return `${renderTable(["label", "would be added to", "such as"], rows, { columns, right: [1], compact: true })}\n`;
}

function wouldAdd(
  model: LabelModel,
  issues: readonly {
    readonly number: number;
    readonly title: string;
    readonly body: string;
    readonly labels: readonly string[];
  }[],
  existing: ReadonlySet<string>,
): ReadonlyMap<string, readonly number[]> {
  const judged = judgeBy(model);
  const together = new Map(model.labels.map((each) => [each.label, each.together]));
  const byLabel = new Map<string, number[]>();
  for (const issue of issues)
    for (const { label, score, threshold } of judged(issue)) {
      if (threshold === null || score < threshold || !existing.has(label.toLowerCase())) continue;
      if (issue.labels.some((other) => other === label || !together.get(label)?.includes(other))) continue;
      byLabel.set(label, [...(byLabel.get(label) ?? []), issue.number]);
    }
  return byLabel;
}

function renderWeeks(weeks: readonly TriageWeek[]): string {
  if (weeks.length === 0) return `Triage added no label in the last ${WEEKS} weeks.\n`;
  const { columns } = process.stdout;
  const heads = ["week", "confirmed", "refused", "open", "missed", "duplicates: confirmed", "refused", "missed"];
  const rows = weeks.map((week) => [
    week.week.toISOString().slice(0, 10),
    ...[
      week.confirmed,
      week.refused,
      week.open,
      week.missed,
      week.duplicates_confirmed,
      week.duplicates_refused,
      week.duplicates_missed,
    ].map(String),
  ]);
  return `${renderTable(heads, rows, { columns, right: [1, 2, 3, 4, 5, 6, 7], compact: true })}\n`;
}
