import { Command } from "commander";
import type { Config } from "../config.js";
import { GoneError, InvalidError } from "../errors.js";
import { readGuid } from "../inbox/guid.js";
import { parsePayload } from "../process/payload.js";
import { runDry } from "../host/inline/run-dry.js";
import { readBody } from "../store/deliveries/delivery-body.js";
import { findDelivery, resetDelivery, type StoredDelivery } from "../store/deliveries/reset-delivery.js";
import { requeueJobs } from "../store/jobs/requeue-jobs.js";
import type { Store } from "../store/store.js";
import { loadConfig, withStore } from "./open.js";
import { openWakeUps } from "./wake-ups.js";

export function replayCommand(): Command {
  return new Command("replay")
    .description("process a stored delivery again, as it came; its jobs that failed are tried again")
    .argument("<guid>", "the delivery's GUID (X-GitHub-Delivery)")
    .option("--dry-run", "print what would be stored and done, in a temporary database; change nothing")
    .action(async (given: string, options: { dryRun?: true }) => {
      const guid = readGuid(given);
      if (guid === null) throw new InvalidError(`'${given}' is not a delivery's GUID`);
      const config = await loadConfig();
      await withStore(config, async (store, url) => {
        const delivery = await found(store, guid);
        process.stdout.write(headersOf(delivery));
        if (options.dryRun) await rehearse(store, config, guid);
        else await replay(store, config, url, guid, delivery);
      });
    });
}

async function found(store: Store, guid: string): Promise<StoredDelivery> {
  const delivery = await findDelivery(store.sql, guid);
  if (!delivery) throw new GoneError(`no delivery with the GUID ${guid} is stored`);
  if (delivery.status !== "duplicate") return delivery;
  throw new InvalidError(
    `${guid} is a duplicate: replay the first one, ${delivery.duplicateOf ?? "which is not stored"}`,
  );
}

function headersOf({ headers }: StoredDelivery): string {
  const lines = Object.entries(headers).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}\n`]));
  return `${lines.join("")}\n`;
}

/** Against a fresh database: what would be stored if nothing were there yet. */
async function rehearse(store: Store, config: Config, guid: string): Promise<void> {
  const body = await bodyOf(store, guid);
  const delivery = await found(store, guid);
  const payload = parsePayload(body.contentType, body.bytes);
  await runDry({ id: guid, name: delivery.event, payload }, { ...config, databaseUrl: undefined });
}

async function replay(store: Store, config: Config, url: string, guid: string, { id }: StoredDelivery): Promise<void> {
  await bodyOf(store, guid);
  const requeued = await store.transaction(async (sql) => {
    if (await resetDelivery(sql, guid)) return requeueJobs(sql, guid, new Date());
    throw new InvalidError(`${guid} is not finished: a worker has it, or will take it by itself`);
  });
  const queues = await openWakeUps(config, url);
  await queues.wake([id]);
  await queues.add(requeued.map(({ wakeUp }) => wakeUp));
  await queues.close();
  for (const { name, key } of requeued) process.stdout.write(`Its job ${name} ${key} had failed and is tried again.\n`);
  process.stdout.write(`Given to the workers. See 'companyos-github explain ${guid}'.\n`);
}

async function bodyOf(store: Store, guid: string) {
  const body = await readBody(store.sql, guid);
  if (body) return body;
  throw new GoneError(
    `the body of ${guid} is past its retention (BODY_RETENTION_DAYS). GitHub redelivers for three days: App settings, Advanced.`,
  );
}
