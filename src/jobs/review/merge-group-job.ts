import { z } from "zod";
import { CHECK_NAME } from "../../agents/code-review/render/check-run.js";
import type { RepositoryRef } from "../../domain.js";
import type { EffectOf } from "../../effect.js";
import { id } from "../../facts/scalars.js";
import { findRepository } from "../../store/repositories/find-repository.js";
import { endRun, insertRun, lastReview } from "../../store/reviews/runs.js";
import { defineJob } from "../define-job.js";
import { REVIEW_AGENT } from "./options.js";
import { readDecision, writeDecision } from "./stored-decision.js";

const NUMBER = /\/pr-(\d+)-[0-9a-f]{7,64}$/;

/** A pull request in a merge queue: the commit that is tested there has the result of the pull request's own review. */
export const mergeGroupJob = defineJob({
  name: "merge-group",
  queue: "agents",
  payload: z.object({ repositoryId: id, sha: z.string(), headRef: z.string() }),
  attempts: 8,
  key: ({ repositoryId, sha }) => `${repositoryId}/${sha}`,
  async run({ repositoryId, sha, headRef }, context) {
    const { store, clock } = context;
    const known = await findRepository(store.sql, repositoryId);
    if (!known) return { status: "skipped", because: "the repository is not known any more" };
    const number = Number(NUMBER.exec(headRef)?.[1] ?? Number.NaN);
    if (Number.isNaN(number)) return { status: "skipped", because: "the queue's branch names no pull request" };
    const scope = { installationId: known.installationId, repositoryId: known.ref.id, number };
    const last = await lastReview(store.sql, { ...scope, agent: REVIEW_AGENT });
    const shadow = last?.shadow ?? false;
    const effect = checkFor(known.ref, sha, number, reviewCheck(last?.decision));
    const now = clock.now();
    const runId = await insertRun(store.sql, {
      ...scope,
      agent: REVIEW_AGENT,
      headSha: sha,
      jobId: context.jobId,
      deliveryGuid: context.deliveryGuid,
      trigger: "merge queue",
      status: "done",
      skipped: "merge-queue",
      because: effect.because,
      shadow,
      input: { headRef },
      decision: writeDecision({ effects: [effect], fixed: [], notes: [] }, {}),
      requests: 0,
      durationMs: 0,
      now,
    });
    if (shadow) return { status: "done", because: `${effect.because}. Shadow mode: nothing was written.` };
    await context.effects().apply([effect], context);
    await endRun(store.sql, runId, {
      status: "done",
      because: effect.because,
      notes: [],
      requests: 1,
      now: clock.now(),
    });
    return { status: "done", because: effect.because };
  },
});

type Check = EffectOf<"check-run">;

/** The check among a decision's effects; null: the decision made none. */
export function reviewCheck(decision: unknown): Check | null {
  for (const effect of readDecision(decision)?.effects ?? [])
    if (effect.kind === "check-run" && effect.name === CHECK_NAME) return effect;
  return null;
}

function checkFor(repository: RepositoryRef, headSha: string, number: number, last: Check | null): Check {
  const base = {
    kind: "check-run" as const,
    repository,
    occasion: headSha,
    name: CHECK_NAME,
    headSha,
    annotations: [],
  };
  if (!last)
    return {
      ...base,
      because: `#${number} was not reviewed`,
      status: "completed",
      conclusion: "neutral",
      title: "Not reviewed",
      summary: `#${number} was not reviewed; comment \`/review\` there to have it reviewed.`,
    };
  return {
    ...base,
    because: `the result of the review of #${number}`,
    status: last.status,
    conclusion: last.conclusion,
    title: last.title,
    summary: `As reviewed in #${number} at ${last.headSha.slice(0, 7)}.\n\n${last.summary}`,
  };
}
