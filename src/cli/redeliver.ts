import { setTimeout as wait } from "node:timers/promises";
import { Command } from "commander";
import { readCredentials } from "../config.js";
import { refusalOf } from "../doctor/github.js";
import { AppError, ConfigError } from "../errors.js";
import { askAgain } from "../jobs/recovery/ask-again.js";
import { findLost } from "../jobs/recovery/find-lost.js";
import { RECOVERY_RULES } from "../jobs/recovery/rules.js";
import { type LostDelivery, recordLosses } from "../store/drift/ledger.js";
import { appClient } from "./app-client.js";
import { toDuration } from "./duration.js";
import { loadConfig, withStore } from "./open.js";

interface Options {
  readonly since: number;
  readonly dryRun?: true;
  readonly json?: true;
}

const clock = { now: () => new Date() };

export function redeliverCommand(): Command {
  return new Command("redeliver")
    .description("ask GitHub to repeat every delivery that never came here; a running server takes them")
    .requiredOption(
      "--since <duration>",
      "how far to look back: 90m, 2h, at most 3d (GitHub keeps no more)",
      toDuration,
    )
    .option("--dry-run", "say what would be asked for, and ask for nothing")
    .option("--json", "print JSON lines: one for each loss, and one for what came of it")
    .action(redeliver);
}

async function redeliver(options: Options): Promise<void> {
  const config = await loadConfig();
  const app = await appClient(config, readCredentials(), clock);
  await withStore(config, async ({ sql }) => {
    const since = new Date(clock.now().getTime() - Math.min(options.since, RECOVERY_RULES.redeliverableMs));
    const { listed, lost } = await findLost({ app, sql, clock }, since).catch((error: unknown) => {
      // A quota says itself until when; the database's failures are no answer of GitHub's.
      if (!(error instanceof AppError) || error.kind === "rate-limit") throw error;
      throw new ConfigError([refusalOf(error, config.github.apiUrl)]);
    });
    for (const each of lost) print(options, line(each), shown(each));
    const summary = `${listed} attempts since ${since.toISOString()}, ${lost.length} deliveries never came`;
    if (options.dryRun) return print(options, `${summary}. Nothing was asked for.`, { listed, lost: lost.length });
    await recordLosses(sql, lost, clock.now());
    const wishes = lost.map(({ guid, attemptId }) => ({ guid, attempt_id: attemptId }));
    const asking = { app, sql, clock, rules: RECOVERY_RULES, signal: new AbortController().signal };
    const done = await askAgain({ ...asking, sleep: (ms, signal) => wait(ms, undefined, { signal }) }, wishes);
    const told = [
      `${done.asked} asked for again`,
      `${done.refused} refused by GitHub`,
      ...(done.stopped === null ? [] : [`stopped: ${done.stopped}`]),
    ];
    print(options, `${summary}, ${told.join(", ")}.`, { listed, lost: lost.length, ...done });
    if (done.stopped !== null || done.refused > 0) process.exitCode = 1;
  });
}

function print({ json }: Options, text: string, data: object): void {
  process.stdout.write(`${json ? JSON.stringify(data) : text}\n`);
}

function line({ guid, event, action, cause, detail, lostAt }: LostDelivery): string {
  const name = action === null ? event : `${event}.${action}`;
  return `${guid}  ${lostAt.toISOString()}  ${name.padEnd(32)} ${cause} (${detail})`;
}

function shown({ guid, event, action, cause, statusCode, detail, lostAt }: LostDelivery): object {
  return { guid, event, action, cause, statusCode, detail, lostAt };
}
