import { z } from "zod";
import { id } from "../../facts/scalars.js";
import { defineJob, planOf, registryOf } from "../../jobs/define-job.js";
import { planJobs } from "../../store/jobs/plan-jobs.js";
import type { JobWakeUp } from "../../store/jobs/wake-up.js";
import { findRepository } from "../../store/repositories/find-repository.js";
import type { Store } from "../../store/store.js";
import { recordTriageAnswer, type TriageAnswer } from "../../store/triage/answers.js";

/** Puts a label on an issue that a person chose in the triage queue. */
export const answerJob = defineJob({
  name: "triage-answer",
  queue: "agents",
  payload: z.object({
    repositoryId: id,
    number: z.int().positive(),
    label: z.string(),
    /** The question that it answers. */
    question: z.string(),
    by: z.string(),
  }),
  attempts: 8,
  key: ({ repositoryId, number, question }) => `${repositoryId}#${number} ${question}`,
  async run({ repositoryId, number, label, question, by }, { store, effects, jobId, deliveryGuid }) {
    const repository = await findRepository(store.sql, repositoryId);
    if (!repository) return { status: "skipped", reason: "the repository is not known" };
    const [result] = await effects().apply(
      [
        {
          kind: "labels",
          repository: repository.ref,
          occasion: `queue ${question}`,
          reason: `${by} decided it in the triage queue`,
          issue: number,
          add: [label],
          remove: [],
        },
      ],
      { jobId, deliveryGuid },
    );
    return { status: "done", reason: `${label}: ${result?.reason ?? "added"}` };
  },
});

/** Records a person's answer and plans the label that follows from it; null: none does. @returns what to wake. */
export function answerQuestion(
  store: Store,
  answer: TriageAnswer,
  label: string | null,
): Promise<readonly JobWakeUp[]> {
  const { repositoryId, installationId, number, kind, reference, by, now } = answer;
  return store.transaction(async (sql) => {
    await recordTriageAnswer(sql, answer);
    if (label === null) return [];
    const payload = { repositoryId: Number(repositoryId), number, label, question: `${kind} ${reference}`, by };
    const plan = planOf(registryOf([answerJob]), { name: answerJob.name, payload });
    const origin = { installationId, deliveryGuid: null, traceId: null, now };
    return (await planJobs(sql, [plan], origin)).map(({ wakeUp }) => wakeUp);
  });
}
