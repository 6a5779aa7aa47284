import { setTimeout as wait } from "node:timers/promises";
import { Command } from "commander";
import { ConfigError, InvalidError } from "../errors.js";
import { requestSync } from "../jobs/sync/request-sync.js";
import { activeInstallations, installationOf } from "../store/sync/repositories.js";
import { readRun, type SyncRun } from "../store/sync/runs.js";
import type { Store } from "../store/store.js";
import { loadConfig, withStore } from "./open.js";
import { isOver, reportOf, type SyncReport } from "../sync/report.js";
import { drawProgress } from "./sync-progress.js";

const POLL_MS = 500;

interface Options {
  readonly installation?: string;
  readonly repo?: string;
  readonly full?: true;
  readonly wait?: true;
  readonly json?: true;
}

export function syncCommand(): Command {
  return new Command("sync")
    .description("bring the mirror up to date with GitHub; a running server does the work")
    .option("--installation <id>", "one installation; default: all of them")
    .option("--repo <owner/name>", "one repository, or owner/name#number for one issue or pull request")
    .option("--full", "read everything again, not only what changed")
    .option("--wait", "show the progress and return when it is done")
    .option("--json", "print JSON: one line for each run, and with --wait one for each change")
    .action(async (options: Options) => {
      await withStore(loadConfig(), (store) => sync(store, options));
    });
}

async function sync(store: Store, options: Options): Promise<void> {
  const clock = { now: () => new Date() };
  const runs: SyncRun[] = [];
  for (const installationId of await installationsOf(store, options)) {
    const mode = options.repo ? "spot" : options.full ? "full" : "incremental";
    const request = { installationId, mode, subject: options.repo ?? null, requestedBy: "command line" } as const;
    runs.push((await requestSync({ store, clock }, request)).run);
  }
  const show = options.json ? printJson : drawProgress(process.stdout);
  for (;;) {
    const reports = await Promise.all(runs.map(({ id }) => currentReport(store, id, clock.now())));
    show(reports);
    if (!options.wait || reports.every(isOver)) {
      if (!options.json && !reports.every(isOver))
        process.stdout.write("A running server does the work; --wait shows its progress.\n");
      process.exitCode = reports.some(({ status }) => status === "failed") ? 1 : 0;
      return;
    }
    await wait(POLL_MS);
  }
}

async function installationsOf(store: Store, { installation, repo }: Options): Promise<readonly bigint[]> {
  if (installation !== undefined) {
    if (!/^\d+$/.test(installation)) throw new InvalidError(`--installation takes a number, not '${installation}'`);
    return [BigInt(installation)];
  }
  if (repo !== undefined) {
    const [fullName = ""] = repo.split("#", 1);
    const found = await installationOf(store.sql, fullName);
    if (found === null)
      throw new InvalidError(`${fullName} is not known: name its installation with --installation, or check the name`);
    return [found];
  }
  const all = await activeInstallations(store.sql);
  if (all.length > 0) return all;
  throw new ConfigError([
    {
      variable: "installations",
      problem: "there is none",
      remedy: "Install the App on an organisation, and start the server so that GitHub can say so.",
    },
  ]);
}

async function currentReport(store: Store, id: bigint, now: Date): Promise<SyncReport> {
  const run = await readRun(store.sql, id);
  if (!run) throw new InvalidError(`sync run ${id} is gone`);
  return reportOf(store.sql, run, now);
}

let last = "";

/** A line for each change, not for each look. */
function printJson(reports: readonly SyncReport[]): void {
  const text = reports.map((report) => JSON.stringify(report)).join("\n");
  if (text !== last) process.stdout.write(`${text}\n`);
  last = text;
}
