import { setImmediate as turn } from "node:timers/promises";
import { z } from "zod";
import { type LabelModel, trainLabels } from "../../agents/triage/label-model.js";
import type { Clock } from "../../domain.js";
import { id } from "../../facts/scalars.js";
import { defineJob, planOf, registryOf } from "../../jobs/define-job.js";
import { planJobs } from "../../store/jobs/plan-jobs.js";
import type { JobWakeUp } from "../../store/jobs/wake-up.js";
import { findRepository } from "../../store/repositories/find-repository.js";
import type { Store } from "../../store/store.js";
import { backfillOpenings, labelledHistory, repositoriesToTrain, saveModel } from "../../store/triage/learning.js";

/** The precision used when a repository's settings do not set one. */
const TARGET = 0.9;

/**
 * Trains a repository's labels from the decisions of people. It yields to other work after each pass over the history.
 * It has the class of `triage`, whose jobs wait for it and are due again and again.
 */
export const trainJob = defineJob({
  name: "triage-train",
  queue: "agents",
  payload: z.object({ repositoryId: id, target: z.number().default(TARGET) }),
  attempts: 4,
  key: ({ repositoryId }) => String(repositoryId),
  async run({ repositoryId, target }, { store, clock, signal }) {
    const repository = await findRepository(store.sql, repositoryId);
    if (!repository) return { status: "skipped", reason: "the repository is not stored" };
    const scope = { installationId: repository.installationId, repositoryId: repository.ref.id };
    const pause = async () => {
      signal.throwIfAborted();
      await turn();
    };
    await backfillOpenings(store.sql, scope, pause);
    const model = await trainLabels(await labelledHistory(store.sql, scope), { target, pause });
    const reason = summaryOf(model);
    await saveModel(store.sql, scope, model, reason, clock.now());
    return { status: "done", reason };
  },
});

export function summaryOf({ issues, labels, silent }: LabelModel): string {
  const added = labels.filter(({ threshold }) => threshold !== null).map(({ label }) => label);
  const unsure = labels.length - added.length;
  return [
    `learned from ${issues} issues that people labelled`,
    added.length > 0 ? `adds ${added.join(", ")}` : "adds no label",
    ...(unsure > 0 ? [`${unsure} labels below the target precision`] : []),
    ...(silent.length > 0 ? [`${silent.length} labels not learned`] : []),
  ].join("; ");
}

/**
 * Runs every night for repositories with new data.
 * @returns what to wake.
 */
export async function requestTraining({
  store,
  clock,
}: {
  readonly store: Store;
  readonly clock: Clock;
}): Promise<readonly JobWakeUp[]> {
  const registry = registryOf([trainJob]);
  const wakeUps: JobWakeUp[] = [];
  for (const { installationId, repositoryId, target } of await repositoriesToTrain(store.sql)) {
    const plan = planOf(registry, { name: trainJob.name, payload: { repositoryId, target: target ?? TARGET } });
    const origin = { installationId, deliveryGuid: null, traceId: null, now: clock.now() };
    wakeUps.push(...(await planJobs(store.sql, [plan], origin)).map(({ wakeUp }) => wakeUp));
  }
  return wakeUps;
}
