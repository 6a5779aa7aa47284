import { Command, InvalidArgumentError } from "commander";
import { InvalidError, messageOf } from "../errors.js";
import { readCredentials } from "../config.js";
import { inversionOf } from "../effects/undo/perform.js";
import { targetOf } from "../effects/effect.js";
import type { Gateway } from "../github/gateway.js";
import { previewUndo, requestUndo, undoOf, type UndoPreview, type UndoRequest } from "../jobs/undo.js";
import { plain } from "../reports/plain.js";
import { decisionOfRun } from "../store/effects/undo.js";
import { effectsOnTarget } from "../store/effects/ledger.js";
import type { Store } from "../store/store.js";
import { assertActiveInstallation } from "../store/tenants/assert-installation.js";
import { openGateway } from "./app-client.js";
import { toDuration } from "./duration.js";
import { everyInstallation, toId } from "./installations.js";
import { loadConfig, withStore } from "./open.js";
import { recordCommand } from "./record-act.js";
import { openWakeUps } from "./wake-ups.js";

interface Options {
  readonly run?: bigint;
  readonly rule?: string;
  readonly label?: string;
  readonly since?: Date;
  readonly installation?: bigint;
  readonly dryRun?: true;
}

const clock = { now: () => new Date() };
/** The most targets of a dry run: each costs one to three requests of the installation's rate limit. */
const MOST_COMPARED = 200;

export function undoCommand(): Command {
  return new Command("undo")
    .description("take back what the app did at GitHub, where no person changed it since")
    .option("--run <id>", "what one agent run did ('explain' names it)", toRun)
    .option("--rule <id>", "review comments of one rule")
    .option("--label <name>", "one label: taken off where the app put it on, put on where it took it off")
    .option("--since <time>", "only effects since then: 2026-11-30T14:00Z, or 90m, 2h, 3d", toTime)
    .option("--installation <id>", "everything of one installation, or of the other conditions only there", toId)
    .option("--dry-run", `compare up to ${MOST_COMPARED} targets with GitHub and print the result; change nothing`)
    .action(async (options: Options) => {
      if ([options.run, options.rule, options.label, options.since, options.installation].every((o) => o === undefined))
        throw new InvalidError("Name what to take back: --run, --rule, --label, --since or --installation.");
      const config = await loadConfig();
      const credentials = options.dryRun ? readCredentials() : null;
      await withStore(config, async (store, url, where) => {
        const gateway = credentials && (await openGateway(config, credentials, clock));
        const wakeUps = [];
        for (const request of await requestsOf(store, options)) {
          const preview = await previewUndo(store.sql, request);
          process.stdout.write(renderPreview(request, preview, where));
          if (preview.targets.length === 0) continue;
          if (gateway) await compare(store, gateway, request, preview);
          else wakeUps.push(...(await ask(store, request)));
        }
        if (wakeUps.length === 0) return;
        const queues = await openWakeUps(config, url);
        await queues.add(wakeUps);
        await queues.close();
        process.stdout.write(
          "A running server takes it back, 60 targets a minute, newest first; 'writes pause' stops it.\n",
        );
      });
    });
}

function toRun(text: string): bigint {
  if (!/^\d{1,18}$/.test(text)) throw new InvalidArgumentError("A run's id is a whole number.");
  return BigInt(text);
}

function toTime(text: string): Date {
  if (/^\d+[mhd]$/.test(text)) return new Date(Date.now() - toDuration(text));
  const at = new Date(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
  if (!/^\d{4}-/.test(text) || Number.isNaN(at.getTime()))
    throw new InvalidArgumentError("A time is written as 2026-11-30T14:00Z, or as 90m, 2h or 3d before now.");
  return at;
}

async function requestsOf(store: Store, options: Options): Promise<readonly UndoRequest[]> {
  const common = {
    until: clock.now().toISOString(),
    since: options.since?.toISOString() ?? null,
    runId: options.run === undefined ? null : String(options.run),
    label: options.label ?? null,
    rule: options.rule ?? null,
    repositoryId: null,
    number: null,
    by: "an operator",
  };
  const installations = await installationsOf(store, options);
  return installations.map((installation) => ({ ...common, installationId: Number(installation) }));
}

async function installationsOf(store: Store, { run, installation }: Options): Promise<readonly bigint[]> {
  if (run !== undefined) {
    const found = await decisionOfRun(store.sql, run);
    if (found === null) throw new InvalidError(`No run ${run} is stored.`);
    if (installation !== undefined && installation !== found.installationId)
      throw new InvalidError(`The run ${run} belongs to installation ${found.installationId}.`);
    return [found.installationId];
  }
  if (installation !== undefined) {
    await assertActiveInstallation(store.sql, installation);
    return [installation];
  }
  return everyInstallation(store.sql);
}

function renderPreview({ installationId }: UndoRequest, { targets, kinds }: UndoPreview, where: string): string {
  const head = `Installation ${installationId} in ${where}: `;
  if (targets.length === 0) return `${head}the ledger holds nothing to take back.\n`;
  const effects = kinds.reduce((sum, each) => sum + each.effects, 0);
  const lines = kinds.map(
    ({ kind, effects: count, irreversible }) => `  ${count} ${kind}${irreversible ? `: stays, ${irreversible}` : ""}`,
  );
  return [`${head}${effects} effects on ${targets.length} targets`, ...lines].map((line) => `${line}\n`).join("");
}

/** The effects that would be undone and those that would stay, read from GitHub. */
async function compare(
  store: Store,
  gateway: Gateway,
  request: UndoRequest,
  { targets, selection }: UndoPreview,
): Promise<void> {
  const github = gateway.client(BigInt(request.installationId));
  for (const target of targets.slice(0, MOST_COMPARED)) {
    const effect = undoOf(target, selection, request);
    const attempt = {
      intent: "",
      target: targetOf(effect),
      github,
      identity: () => gateway.identity(),
      standing: null,
      unsureSince: null,
      onTarget: (name: string) => effectsOnTarget(store.sql, target.repositoryId, name),
    };
    const line = await inversionOf(effect, attempt).then(
      ({ acts, left }) => [acts.length > 0 ? "would be taken back" : "stays", ...left].join("; "),
      (error: unknown) => `could not be compared: ${messageOf(error)}`,
    );
    process.stdout.write(`${plain(`${target.owner}/${target.name} ${target.target}: ${line}`)}\n`);
  }
  const more = targets.length - MOST_COMPARED;
  if (more > 0) process.stdout.write(`${more} more targets were not compared with GitHub.\n`);
}

async function ask(store: Store, request: UndoRequest) {
  const { by: _by, ...detail } = request;
  const installationId = BigInt(request.installationId);
  await recordCommand(store.sql, { installationId, action: "undo.request", target: "command line", detail });
  return requestUndo(store, request, clock.now());
}
