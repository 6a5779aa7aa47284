import { Command, InvalidArgumentError } from "commander";
import type { Config } from "../config.js";
import { GoneError, InvalidError } from "../errors.js";
import { readGuid } from "../inbox/guid.js";
import { parsePayload } from "../process/payload.js";
import { replayOne } from "../jobs/replay.js";
import { runDry } from "../host/inline/run-dry.js";
import { readBody } from "../store/deliveries/delivery-body.js";
import { findDelivery, type StoredDelivery } from "../store/deliveries/reset-delivery.js";
import type { JobWakeUp } from "../store/jobs/wake-up.js";
import type { Store } from "../store/store.js";
import { loadConfig, withStore } from "./open.js";
import { recordCommand } from "./record-act.js";
import { openWakeUps } from "./wake-ups.js";

const clock = { now: () => new Date() };

export function replayCommand(): Command {
  return new Command("replay")
    .description("process a stored delivery again, and retry its failed jobs")
    .argument("<guid>", "the delivery's GUID (X-GitHub-Delivery)", toGuid)
    .option("--dry-run", "process it in a temporary database and print the result; change nothing")
    .action(async (guid: string, options: { dryRun?: true }) => {
      const config = await loadConfig();
      await withStore(config, async (store, url, where) => {
        const delivery = await found(store, guid, where);
        process.stdout.write(headersOf(delivery));
        if (options.dryRun) await rehearse(store, config, guid, delivery);
        else await replay({ store, config, url, where }, guid);
      });
    });
}

function toGuid(text: string): string {
  const guid = readGuid(text);
  if (guid === null) throw new InvalidArgumentError(`'${text}' is not a delivery's GUID.`);
  return guid;
}

async function found(store: Store, guid: string, where: string): Promise<StoredDelivery> {
  const delivery = await findDelivery(store.sql, guid);
  if (!delivery) throw new GoneError(`No delivery with the GUID ${guid} is stored in ${where}.`);
  if (delivery.status !== "duplicate") return delivery;
  throw new InvalidError(
    `${guid} is a duplicate: replay the first delivery, ${delivery.duplicateOf ?? "which is not stored"}.`,
  );
}

function headersOf({ headers }: StoredDelivery): string {
  const lines = Object.entries(headers).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}\n`]));
  return `${lines.join("")}\n`;
}

/** Against a new database: the rows that the delivery would store on its own. */
async function rehearse(store: Store, config: Config, guid: string, delivery: StoredDelivery): Promise<void> {
  const body = await bodyOf(store, guid);
  const payload = parsePayload(body.contentType, body.bytes);
  await runDry({ id: guid, name: delivery.event, payload }, { ...config, databaseUrl: undefined });
}

interface Opened {
  readonly store: Store;
  readonly config: Config;
  readonly url: string;
  readonly where: string;
}

async function replay({ store, config, url, where }: Opened, guid: string): Promise<void> {
  const queues = await openWakeUps(config, url);
  const replaying = {
    store,
    clock,
    wakeJobs: (wakeUps: readonly JobWakeUp[]) => queues.add(wakeUps),
    wakeDeliveries: (ids: readonly string[]) => queues.wake(ids),
  };
  const replayed = await replayOne(replaying, guid);
  await queues.close();
  switch (replayed.status) {
    case "replayed":
      break;
    case "no-body":
      throw withoutBody(guid);
    case "unfinished":
      throw new InvalidError(`${guid} is not finished: a worker is processing it, or will.`);
    case "duplicate":
    case "unknown":
      throw new GoneError(`${guid} is not stored in ${where} any more.`);
  }
  const { installationId, requeued } = replayed;
  await recordCommand(store.sql, { installationId, action: "delivery.replay", target: guid });
  for (const { name, key } of requeued) process.stdout.write(`Its failed job ${name} ${key} runs again.\n`);
  process.stdout.write(`Queued in ${where}. See 'companyos-github explain ${guid}'.\n`);
}

async function bodyOf(store: Store, guid: string) {
  const body = await readBody(store.sql, guid);
  if (body) return body;
  throw withoutBody(guid);
}

function withoutBody(guid: string): GoneError {
  return new GoneError(
    `The body of ${guid} was deleted after BODY_RETENTION_DAYS. GitHub redelivers for three days: App settings, Advanced.`,
  );
}
