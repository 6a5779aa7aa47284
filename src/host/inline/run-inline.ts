import { randomUUID } from "node:crypto";
import { openInspector } from "../../agents/code-review/inspect/child-process.js";
import type { Inspector } from "../../agents/code-review/inspect/inspector.js";
import type { Config } from "../../config.js";
import type { Clock } from "../../domain.js";
import { InvalidError } from "../../errors.js";
import { renderStory } from "../../reports/render.js";
import { readStory, type Story } from "../../reports/story.js";
import type { EffectWriter } from "../../effects/writer.js";
import type { GitHubClient } from "../../github/client.js";
import type { GitHubReader } from "../../github/reader.js";
import type { ReceivedDelivery } from "../../process/process-claimed.js";
import { drainDeliveries } from "../../process/worker.js";
import { registryOf } from "../../jobs/define-job.js";
import { JOBS } from "../../jobs/registry.js";
import { AGENTS, agentJobs, settingsSource } from "../../runs/registry.js";
import { jobRunner } from "../../work/run-job.js";
import type { Log } from "../../log.js";
import { processDelivery } from "../../process/process-delivery.js";
import { openInlineQueues } from "../../work/inline.js";
import { compress } from "../../store/deliveries/compression.js";
import { recordDeliveries } from "../../store/deliveries/record-deliveries.js";
import type { Store } from "../../store/store.js";
import { withDatabase } from "./database.js";

/** The parts that an inline host provides: reads, writes, and the report. */
export interface InlineHost {
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  readonly reader: (installationId: bigint) => GitHubReader;
  readonly writer: (installationId: bigint, store: Store) => EffectWriter;
  readonly client: (installationId: bigint) => GitHubClient;
  /** Completes payloads that lack fields on this host. */
  readonly complete?: (payload: unknown, store: Store) => Promise<unknown>;
  print(text: string): void;
}

export interface InlineEvent {
  readonly id: string;
  readonly name: string;
  readonly payload: unknown;
}

/** How long to wait in total for retries (ms). */
const PATIENCE_MS = 2_000;

/**
 * Processes one delivery from its payload to its effects in this process, then closes every handle. Prints the facts,
 * jobs and effects.
 * @throws InvalidError when the delivery or one of its jobs did not succeed.
 */
export async function runInline(event: InlineEvent, host: InlineHost): Promise<void> {
  await withDatabase(host.config, host.log, async (store) => {
    const guid = /^[0-9a-f-]{36}$/.test(event.id) ? event.id : randomUUID();
    const payload = await (host.complete?.(event.payload, store) ?? event.payload);
    const id = await record(store, { name: event.name, id: guid, payload }, host.clock);
    await work(store, host, id);
    const story = await readStory(store, guid);
    if (!story) throw new TypeError("the recorded delivery was deleted");
    host.print(renderStory(story));
    assertSucceeded(story);
  });
}

async function record(store: Store, { id: guid, name, payload }: InlineEvent, clock: Clock): Promise<string> {
  const bytes = Buffer.from(JSON.stringify(payload));
  const delivery = {
    headers: {
      guid,
      event: name,
      contentType: "application/json",
      hookId: null,
      targetType: null,
      targetId: null,
      userAgent: null,
    },
    bodyBytes: bytes.length,
    // The same fixture may run again on the same database.
    dedupeKey: null,
    stored: await compress([bytes], bytes.length),
  };
  const options = { now: clock.now(), signal: new AbortController().signal };
  const [recorded] = await recordDeliveries(store, [delivery], options);
  if (!recorded?.wake) throw new InvalidError(`the delivery ${guid} was processed before`);
  return recorded.wake;
}

async function work(store: Store, host: InlineHost, id: string): Promise<void> {
  const inspector = openInspector();
  try {
    await workWith(inspector, store, host, id);
  } finally {
    await inspector.close();
  }
}

async function workWith(inspector: Inspector, store: Store, host: InlineHost, id: string): Promise<void> {
  const { clock, log, client } = host;
  // No further push can arrive during the life of this process.
  const services = { client, inspector, quietMs: 0 };
  const registry = registryOf([...JOBS, ...agentJobs(AGENTS, services, settingsSource(AGENTS, services))]);
  const queues = openInlineQueues({ patienceMs: PATIENCE_MS });
  const run = jobRunner({
    store,
    registry,
    clock,
    log,
    reader: (installationId) => host.reader(installationId),
    writer: (installationId) => host.writer(installationId, store),
    wake: (wakeUps) => queues.add(wakeUps),
    random: Math.random,
    token: randomUUID,
    leaseMs: 60_000,
    early: true,
  });
  for (const queue of ["agents", "sync", "health"] as const)
    await queues.work(queue, { concurrency: 1 }, ([jobId], signal) =>
      jobId === undefined ? Promise.resolve(null) : run(BigInt(jobId), signal),
    );
  const process = async (delivery: ReceivedDelivery): Promise<void> => {
    const processed = await processDelivery({ store, jobs: registry, clock, log }, delivery);
    await queues.add(processed?.wakeUps ?? []);
  };
  await drainDeliveries({ store, process, clock, log, concurrency: 1, maxAttempts: 1 }, [id]);
  await queues.drain();
  await queues.close();
}

function assertSucceeded({ delivery, jobs, effects }: Story): void {
  if (delivery.status !== "processed" && delivery.status !== "skipped")
    throw new InvalidError(`the delivery ended as ${delivery.status}: ${delivery.error ?? "no reason is stored"}`);
  const failedJob = jobs.find(({ status, error }) => status === "failed" || (status === "waiting" && error !== null));
  if (failedJob)
    throw new InvalidError(`the job ${failedJob.name} failed: ${failedJob.error ?? failedJob.reason ?? ""}`);
  const failedEffect = effects.find(({ status }) => status === "failed");
  if (failedEffect) throw new InvalidError(`the effect ${failedEffect.kind} failed: ${failedEffect.error ?? ""}`);
}
