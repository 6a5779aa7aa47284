import { z } from "zod";
import { ARCHIVED, type Deferral, type Outcome } from "../../domain.js";
import { NetworkError } from "../../errors.js";
import { id } from "../../facts/scalars.js";
import { readContext } from "../../github/review/context.js";
import { counting } from "../../github/review/counting-client.js";
import { findRepository, type KnownRepository } from "../../store/repositories/find-repository.js";
import { findPullRequest, type StoredPullRequest } from "../../store/reviews/pull-request.js";
import { lastReview, lastRunAt, type StoredRun, unfinishedRun } from "../../store/reviews/runs.js";
import { type DefinedJob, defineJob } from "../../jobs/define-job.js";
import type { JobContext } from "../../jobs/job.js";
import { effectsUnder } from "../../jobs/shadow.js";
import { carryOut, type CarriedOut } from "./carry-out.js";
import { answerAsked, type Asked, askedFor } from "./asked.js";
import { gatherAndDecide } from "./gather.js";
import { reviewCheck } from "../merge-group/merge-group-job.js";
import { REVIEW_AGENT, REVIEW_JOB, type ReviewOptions } from "./options.js";
import { unreadable } from "./permissions.js";
import { readSettings } from "./read-settings.js";
import { recordDecision, recordSilence } from "./record.js";
import { readDecision } from "./stored-decision.js";

const Payload = z.object({
  repositoryId: id,
  number: z.int().positive(),
  /** Somebody asked for this very review: it does not wait, and what was reviewed is reviewed again. */
  asked: z.boolean().default(false),
});
type Payload = z.infer<typeof Payload>;

/** Reviews a pull request as the rows have it: one run at a time, one waiting, whatever number of pushes there were. */
export function reviewJob(options: ReviewOptions): DefinedJob {
  return defineJob<Payload>({
    name: REVIEW_JOB,
    queue: "agents",
    payload: Payload,
    attempts: 8,
    key: ({ repositoryId, number }) => `${repositoryId}#${number}`,
    async run({ repositoryId, number, asked }, context) {
      const repository = await findRepository(context.store.sql, repositoryId);
      if (!repository) return { status: "skipped", reason: "the repository is not known any more" };
      if (repository.archived) return { status: "skipped", reason: ARCHIVED };
      const scope = { installationId: repository.installationId, repositoryId: repository.ref.id, number };
      const subject = { ...scope, agent: REVIEW_AGENT };
      const unfinished = await unfinishedRun(context.store.sql, subject);
      if (unfinished) await resume(unfinished, scope, context);
      const by = await askedFor(context.store.sql, scope, asked);
      const pause = by.asked ? null : await quietUntil(subject, options, context);
      if (pause) return pause;
      const pull = await findPullRequest(context.store.sql, scope.installationId, scope.repositoryId, number);
      if (!pull) return { status: "skipped", reason: `the pull request #${number} is not stored` };
      const missing = unreadable(pull.permissions);
      if (missing !== null) return recordSilence({ context, scope, pull, trigger: by.trigger, reason: missing });
      return review({ options, context, repository, pull, by });
    },
  });
}

type Scope = { readonly installationId: bigint; readonly repositoryId: bigint; readonly number: number };

/** Finishes what a process began that did not live to the end of it. */
async function resume(run: StoredRun, scope: Scope, context: JobContext): Promise<void> {
  const { id: runId, reason, shadow, head_sha: headSha } = run;
  const decision = readDecision(run.decision) ?? { effects: [], fixed: [], notes: ["the decision cannot be read"] };
  await carryOut({ id: runId, ...scope, headSha, reason, shadow, decision }, context);
}

async function quietUntil(
  subject: Scope & { readonly agent: string },
  { quietMs }: ReviewOptions,
  { store, clock }: JobContext,
): Promise<Deferral | null> {
  const last = await lastRunAt(store.sql, subject);
  const at = new Date((last?.getTime() ?? 0) + quietMs);
  if (last === null || at <= clock.now()) return null;
  return {
    status: "later",
    at,
    reason: "it was reviewed a moment ago; what is pushed until then is reviewed together",
  };
}

interface Begun {
  readonly options: ReviewOptions;
  readonly context: JobContext;
  readonly repository: KnownRepository;
  readonly pull: StoredPullRequest;
  readonly by: Asked;
}

async function review({ options, context, repository, pull, by }: Begun): Promise<Outcome> {
  const { store, clock } = context;
  const began = clock.now();
  const { installationId, ref } = repository;
  const scope = { installationId, repositoryId: ref.id, number: pull.number };
  const { client, count } = counting(options.client(installationId));
  const around = await readContext(client, ref, { number: pull.number, baseRef: pull.base_ref });
  if (around.headSha !== pull.head_sha) return untilRowsFollow(context, scope);
  const tenant = { installationId, repository: ref };
  const read = await readSettings({ store, client, inspector: options.inspector, now: began }, tenant, around.settings);
  const last = await lastReview(store.sql, { ...scope, agent: REVIEW_AGENT });
  const before = last?.shadow === read.settings.shadow ? last : null;
  const facts = {
    store,
    client,
    options,
    repository,
    pull,
    context: around,
    settings: read.settings,
    last: before && { sha: before.head_sha, check: reviewCheck(before.decision), input: before.input },
    full: by.full,
    askedBy: by.asked ? `job ${context.jobId}` : null,
  };
  const decided = await gatherAndDecide(facts);
  context.signal.throwIfAborted();
  const durationMs = clock.now().getTime() - began.getTime();
  const run = await recordDecision({
    context,
    scope,
    repository: ref,
    pull,
    read,
    by,
    decided,
    requests: count(),
    durationMs,
  });
  const carried = await carryOut(run, context);
  if (carried.status === "abandoned") return abandoned(carried, scope, context);
  const writer = effectsUnder(read.settings, context, installationId);
  await answerAsked(by, ref, pull.number, carried.reason, context, writer);
  return { status: decided.decision.skipped === null ? "done" : "skipped", reason: carried.reason };
}

/**
 * The rows and GitHub name different heads: a delivery is on its way, or two of one second are being told apart. What is
 * reviewed is the head of the rows, so they are brought up to date first.
 * @throws NetworkError always: tried again, a limited number of times.
 */
async function untilRowsFollow(context: JobContext, { repositoryId, number }: Scope): Promise<never> {
  const payload = { entity: "pull_request", repositoryId: Number(repositoryId), number };
  await context.plan([{ name: "refresh", payload }]);
  throw new NetworkError(`the stored head of #${number} is not the one that GitHub has; it is being read`);
}

/** The delivery that moved the head has planned the next review; a sync that did has not. */
async function abandoned({ reason }: CarriedOut, scope: Scope, context: JobContext): Promise<Outcome> {
  const payload = { repositoryId: Number(scope.repositoryId), number: scope.number };
  await context.plan([{ name: REVIEW_JOB, payload }]);
  return { status: "skipped", reason };
}
