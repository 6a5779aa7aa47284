import { z } from "zod";
import { CHECK_NAME } from "../../agents/code-review/render/check-run.js";
import { ARCHIVED, type RepositoryRef } from "../../domain.js";
import type { EffectOf } from "../../effects/effect.js";
import { id } from "../../facts/scalars.js";
import { findRepository } from "../../store/repositories/find-repository.js";
import { endRun, insertRun, lastReview } from "../../store/reviews/runs.js";
import { headOf } from "../../store/reviews/pull-request.js";
import { type DefinedJob, defineJob } from "../../jobs/define-job.js";
import { effectsUnder } from "../../jobs/shadow.js";
import { currentSettings } from "../code-review/current-settings.js";
import { REVIEW_AGENT, type ReviewOptions } from "../code-review/options.js";
import { readDecision, writeDecision } from "../code-review/stored-decision.js";

const NUMBER = /\/pr-(\d+)-[0-9a-f]{7,64}$/;

const Payload = z.object({ repositoryId: id, sha: z.string(), headRef: z.string() });
type Payload = z.infer<typeof Payload>;

/** A pull request in a merge queue: the commit that is tested there has the result of the pull request's own review. */
export function mergeGroupJob(options: Pick<ReviewOptions, "client" | "inspector">): DefinedJob {
  return defineJob<Payload>({
    name: "merge-group",
    queue: "agents",
    payload: Payload,
    attempts: 8,
    key: ({ repositoryId, sha }) => `${repositoryId}/${sha}`,
    async run({ repositoryId, sha, headRef }, context) {
      const { store, clock } = context;
      const known = await findRepository(store.sql, repositoryId);
      if (!known) return { status: "skipped", reason: "the repository is not known any more" };
      if (known.archived) return { status: "skipped", reason: ARCHIVED };
      const number = Number(NUMBER.exec(headRef)?.[1] ?? Number.NaN);
      if (Number.isNaN(number)) return { status: "skipped", reason: "the queue's branch names no pull request" };
      const scope = { installationId: known.installationId, repositoryId: known.ref.id, number };
      const last = await lastReview(store.sql, { ...scope, agent: REVIEW_AGENT });
      const settings = await currentSettings(context, options, known);
      const { shadow } = settings;
      const head = await headOf(store.sql, known.installationId, known.ref.id, number);
      const effect = checkFor(known.ref, sha, number, {
        last: last?.shadow === shadow ? reviewCheck(last.decision) : null,
        head,
      });
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
        reason: effect.reason,
        shadow,
        input: { headRef },
        decision: writeDecision({ effects: [effect], fixed: [], notes: [] }, {}),
        requests: 0,
        durationMs: 0,
        now,
      });
      await effectsUnder(settings, context, known.installationId).apply([effect], context);
      const ending = { status: "done", reason: effect.reason, notes: [], now: clock.now() } as const;
      await endRun(store.sql, runId, { ...ending, requests: shadow ? 0 : 1 });
      return {
        status: "done",
        reason: shadow ? `${effect.reason}. Shadow mode: nothing was written.` : effect.reason,
      };
    },
  });
}

type Check = EffectOf<"check-run">;

/** The check among a decision's effects; null: the decision made none. */
export function reviewCheck(decision: unknown): Check | null {
  for (const effect of readDecision(decision)?.effects ?? [])
    if (effect.kind === "check-run" && effect.name === CHECK_NAME) return effect;
  return null;
}

interface Standing {
  readonly last: Check | null;
  /** Of the pull request; null: it is not open any more. */
  readonly head: string | null;
}

/** A result of another head says nothing about this one. */
function checkFor(repository: RepositoryRef, headSha: string, number: number, { last, head }: Standing): Check {
  const base = {
    kind: "check-run" as const,
    repository,
    occasion: headSha,
    name: CHECK_NAME,
    headSha,
    annotations: [],
  };
  const stale = last !== null && head !== null && last.headSha !== head;
  if (last && !stale)
    return {
      ...base,
      reason: `the result of the review of #${number}`,
      status: last.status,
      conclusion: last.conclusion,
      title: last.title,
      summary: `As reviewed in #${number} at ${last.headSha.slice(0, 7)}.\n\n${last.summary}`,
    };
  const what = stale ? `the head of #${number} was not reviewed` : `#${number} was not reviewed`;
  const before = stale ? `; the last review was of ${last.headSha.slice(0, 7)}` : "";
  return {
    ...base,
    reason: `${what}${before}`,
    status: "completed",
    conclusion: "neutral",
    title: "Not reviewed",
    summary: `In the merge queue, ${what}${before}. Comment \`/review\` there to have it reviewed.`,
  };
}
