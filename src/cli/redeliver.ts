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
import { recordCommand } from "./record-act.js";
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
    .description("request every missing delivery from GitHub again; a running server receives them")
    .requiredOption(
      "--since <duration>",
      "how far to look back: 90m, 2h, at most 3d (GitHub keeps deliveries for three days)",
      toDuration,
    )
    .option("--dry-run", "list the missing deliveries and request nothing")
    .option("--json", "print JSON lines: one for each missing delivery, then a summary")
    .action(redeliver);
}

async function redeliver(options: Options): Promise<void> {
  const config = await loadConfig();
  const app = await appClient(config, readCredentials(), clock);
  await withStore(config, async ({ sql }, _url, where) => {
    const since = new Date(clock.now().getTime() - Math.min(options.since, RECOVERY_RULES.redeliverableMs));
    const progress = progressLine(process.stderr, () => clock.now().getTime());
    const onListed = (count: number): void => progress.at(`Listing GitHub's deliveries: ${count} attempts so far`);
    const { listed, lost } = await findLost({ app, sql, clock, onListed }, since).catch((error: unknown) => {
      progress.end();
      // A rate limit names its reset. A database error must not be reported as GitHub's.
      if (!(error instanceof AppError) || error.kind === "rate-limit") throw error;
      throw new ConfigError([refusalOf(error, config.github.apiUrl)]);
    });
    progress.end();
    for (const each of lost) print(options, line(each), shown(each));
    const summary = `${listed} attempts since ${since.toISOString()}, ${lost.length} deliveries are missing in ${where}`;
    if (options.dryRun) return print(options, `${summary}. Nothing was requested.`, { listed, lost: lost.length });
    await recordLosses(sql, lost, clock.now());
    const target = `${lost.length} deliveries since ${since.toISOString()}`;
    await recordCommand(sql, { installationId: null, action: "deliveries.redeliver", target });
    const wishes = lost.map(({ guid, attemptId }) => ({ guid, attempt_id: attemptId }));
    const onAnswered = (count: number): void => progress.at(`Requesting redelivery: ${count} of ${lost.length}`);
    const asking = { app, sql, clock, rules: RECOVERY_RULES, signal: new AbortController().signal, onAnswered };
    const done = await askAgain({ ...asking, sleep: (ms, signal) => wait(ms, undefined, { signal }) }, wishes);
    progress.end();
    const told = [
      `${done.asked} requested again`,
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

/** Progress on standard error: on a terminal one line is redrawn; elsewhere a line is printed every ten seconds. */
export function progressLine(
  stream: { readonly isTTY?: boolean; write(text: string): unknown },
  now: () => number,
): { at(text: string): void; end(): void } {
  let shownAt = now();
  let drawn = false;
  return {
    at(text) {
      if (stream.isTTY) {
        stream.write(`\r\u001b[K${text}`);
        drawn = true;
      } else if (now() - shownAt >= 10_000) {
        stream.write(`${text}\n`);
        shownAt = now();
      }
    },
    end() {
      if (drawn) stream.write("\r\u001b[K");
      drawn = false;
    },
  };
}

function line({ guid, event, action, cause, detail, lostAt }: LostDelivery): string {
  const name = action === null ? event : `${event}.${action}`;
  return `${guid}  ${lostAt.toISOString()}  ${name.padEnd(32)} ${cause} (${detail})`;
}

function shown({ guid, event, action, cause, statusCode, detail, lostAt }: LostDelivery): object {
  return { guid, event, action, cause, statusCode, detail, lostAt };
}
