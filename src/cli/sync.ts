import { setTimeout as wait } from "node:timers/promises";
import { Command, InvalidArgumentError } from "commander";
import { ConfigError, InvalidError } from "../errors.js";
import { checkWorkers } from "../doctor/workers.js";
import { type RequestedSync, requestSync } from "../jobs/sync/request-sync.js";
import { installationOf } from "../store/sync/repositories.js";
import { ASKED_BY, readRun, type SyncRun } from "../store/sync/runs.js";
import type { Store } from "../store/store.js";
import { assertActiveInstallation } from "../store/tenants/assert-installation.js";
import { everyInstallation, toId } from "./installations.js";
import { loadConfig, withStore } from "./open.js";
import { recordCommand } from "./record-act.js";
import { openWakeUps } from "./wake-ups.js";
import { SPOT_SUBJECT } from "../sync/survey/subject.js";
import { isOver, reportOf, type SyncReport } from "../sync/report.js";
import { OutputClosedError } from "./output.js";
import { drawProgress } from "./sync-progress.js";

const POLL_MS = 500;
/** A free worker starts the run sooner. */
const TAKEN_UP_MS = 5_000;
const clock = { now: () => new Date() };

interface Options {
  readonly installation?: bigint;
  readonly repo?: string;
  readonly full?: true;
  readonly wait?: true;
  readonly json?: true;
}

export function syncCommand(): Command {
  return new Command("sync")
    .description("bring the mirror up to date with GitHub; a running server does the work")
    .option("--installation <id>", "one installation; default: all of them", toId)
    .option("--repo <owner/name>", "one repository, or owner/name#number for one issue or pull request", toSubject)
    .option("--full", "read everything again, not only what changed")
    .option("--wait", "show the progress and return when it is done")
    .option("--json", "print JSON: one line for each run, and with --wait one for each change")
    .action(async (options: Options) => {
      const config = await loadConfig();
      await withStore(config, async (store, url) => {
        const asked = await ask(store, options);
        const queues = await openWakeUps(config, url);
        await queues.add(asked.flatMap(({ wakeUps }) => wakeUps));
        await queues.close();
        await follow(
          store,
          asked.map(({ run }) => run),
          options,
        );
      });
    });
}

function toSubject(text: string): string {
  if (!SPOT_SUBJECT.test(text))
    throw new InvalidArgumentError(`'${text}' is neither owner/name nor owner/name#number.`);
  return text;
}

async function ask(store: Store, options: Options): Promise<readonly RequestedSync[]> {
  const asked: RequestedSync[] = [];
  for (const installationId of await installationsOf(store, options)) {
    const mode = options.repo ? "spot" : options.full ? "full" : "incremental";
    const request = { installationId, mode, subject: options.repo ?? null, requestedBy: ASKED_BY.command } as const;
    const requested = await requestSync({ store, clock }, request);
    const act = {
      installationId,
      action: "sync.request",
      target: options.repo ?? mode,
      detail: { run: String(requested.run.id) },
    };
    await recordCommand(store.sql, act);
    asked.push(requested);
  }
  return asked;
}

async function follow(store: Store, runs: readonly SyncRun[], options: Options): Promise<void> {
  const show = options.json ? printJson : drawProgress(process.stdout);
  const began = clock.now().getTime();
  let warned = false;
  for (;;) {
    const reports = await Promise.all(runs.map(({ id }) => currentReport(store, id, clock.now())));
    show(reports);
    if (process.stdout.destroyed) throw new OutputClosedError();
    if (!options.wait || reports.every(isOver)) {
      if (!options.json && !reports.every(isOver))
        process.stdout.write("A running server does the work; --wait shows its progress.\n");
      process.exitCode = reports.some(({ status }) => status === "failed" || status === "cancelled") ? 1 : 0;
      return;
    }
    if (!warned && clock.now().getTime() - began > TAKEN_UP_MS && reports.some(({ status }) => status === "waiting")) {
      await assertWorker(store);
      process.stderr.write("The sync waits for a free worker.\n");
      warned = true;
    }
    await wait(POLL_MS);
  }
}

/** Without a worker there is no point in waiting for the run. */
async function assertWorker(store: Store): Promise<void> {
  const { status } = await checkWorkers(store.sql, clock);
  if (status === "ok") return;
  throw new ConfigError([
    {
      variable: "workers",
      problem: "the sync waits, because no worker runs",
      remedy: "Start a worker with 'companyos-github start' (ROLE=all or ROLE=worker); it then starts the sync.",
    },
  ]);
}

async function installationsOf(store: Store, { installation, repo }: Options): Promise<readonly bigint[]> {
  if (installation !== undefined) {
    await assertActiveInstallation(store.sql, installation);
    return [installation];
  }
  if (repo !== undefined) {
    const [fullName = ""] = repo.split("#", 1);
    const found = await installationOf(store.sql, fullName);
    if (found === null)
      throw new InvalidError(`${fullName} is not stored: check the name, or give its installation with --installation`);
    return [found];
  }
  return everyInstallation(store.sql);
}

async function currentReport(store: Store, id: bigint, now: Date): Promise<SyncReport> {
  const run = await readRun(store.sql, id);
  if (!run) throw new InvalidError(`sync run ${id} was deleted`);
  return reportOf(store.sql, run, now);
}

let last = "";

/** A line for each change, not for each check. */
function printJson(reports: readonly SyncReport[]): void {
  const text = reports.map((report) => JSON.stringify(report)).join("\n");
  if (text !== last) process.stdout.write(`${text}\n`);
  last = text;
}
