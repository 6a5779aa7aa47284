import { z } from "zod";
import { codeReviewAgent, type ReviewDecision } from "../../agents/code-review/agent.js";
import { REVIEW, type ReviewSettings } from "../../agents/code-review/settings/settings.js";
import { tryRules } from "../../agents/code-review/try-rules.js";
import { NetworkError } from "../../errors.js";
import { id } from "../../facts/scalars.js";
import { readContext } from "../../github/review/context.js";
import { sectionOf } from "../../settings/section.js";
import { findPullRequest, headOf, numbersWithHead } from "../../store/reviews/pull-request.js";
import { isSilenced, lastReview } from "../../store/reviews/runs.js";
import { type Agent, defineAgent, ofRepository, type Run, trigger } from "../run.js";
import { settingsCheck } from "../settings/settings-check.js";
import { catchUpJob } from "./catch-up-job.js";
import { type Gathered, gather } from "./gather.js";
import { ignoreCommand } from "./ignore-command.js";
import { REVIEW_AGENT, REVIEW_JOB, SHARED_CHECK_JOB } from "./names.js";
import { recheckJob } from "./recheck-job.js";
import { FULL, reviewCommand } from "./review-command.js";
import { detailsOf, endReview, recordReview } from "./rows.js";
import { sharedCheckJob } from "./shared-check-job.js";
import { reviewCheck, withOthers } from "./shared-head.js";

const payload = ofRepository.extend({ number: z.int().positive() });
type Payload = z.output<typeof payload>;

/** Actions that change the code under review, or that make a pull request reviewable. */
const REVIEWED: ReadonlySet<string> = new Set(["opened", "reopened", "synchronize", "ready_for_review"]);

const Delivery = z.object({
  action: z.string(),
  repository: z.object({ id }),
  pull_request: z.object({ number: z.int() }),
  /** The previous values, present in `edited`. */
  changes: z.object({ base: z.unknown(), title: z.unknown(), body: z.unknown() }).partial().nullish(),
  sender: z.object({ type: z.string().nullish() }).nullish(),
});

/** Whether the pull request differs from the reviewed one: its code, base, text or labels. */
function isReviewed({ action, changes, sender }: z.output<typeof Delivery>): boolean {
  if (REVIEWED.has(action)) return true;
  if (action === "edited") return [changes?.base, changes?.title, changes?.body].some((change) => change !== undefined);
  // Labels set by bots, including this App, do not request a review.
  return (action === "labeled" || action === "unlabeled") && sender?.type !== "Bot";
}

const review: Agent<Payload, Gathered, ReviewSettings, ReviewDecision> = {
  name: REVIEW_AGENT,
  section: REVIEW,
  job: REVIEW_JOB,
  payload,
  triggers: [
    trigger("pull_request", Delivery, (delivery) =>
      isReviewed(delivery)
        ? { repositoryId: delivery.repository.id, number: delivery.pull_request.number, asked: false }
        : null,
    ),
  ],
  commands: [reviewCommand, ignoreCommand],
  reads: ["contents", "pull_requests"],
  pauseMs: ({ quietMs }) => quietMs,
  subject: ({ number }) => ({ name: `pull_request:${number}`, number }),
  async collect(run, { number }) {
    const { sql } = run.context.store;
    const { installationId, ref } = run.repository;
    const pull = await findPullRequest(sql, installationId, ref.id, number);
    if (!pull) return { status: "skipped", reason: `the pull request #${number} is not stored` };
    const context = await readContext(run.client, ref, { number, baseRef: pull.base_ref });
    if (context.headSha !== pull.head_sha) return untilRowsFollow(run, number);
    const read = await run.settings(context.settings);
    const last = await lastReview(sql, run.scope);
    const before = last?.shadow === read.settings.shadow ? last : null;
    await updateLeftHead(run, before?.headSha ?? null, pull.head_sha);
    const subject = await gather({
      run,
      pull,
      context,
      read,
      settings: sectionOf(read.settings, REVIEW),
      last: before && { sha: before.headSha, check: reviewCheck(before.decision), input: before.input },
      silenced: await isSilenced(sql, run.scope, pull.head_sha),
      full: run.asked.commands.some((command) => command.arguments.toLowerCase() === FULL),
    });
    return { subject, headSha: pull.head_sha };
  },
  async decide({ subject, deciding, read, proposed, input }, settings) {
    const { key, second, advisories } = deciding;
    const decision = await codeReviewAgent(deciding.inspector, key, second, advisories).decide(subject, settings);
    const effects = [...decision.effects, ...settingsCheck(subject.repository, subject.headSha, read, proposed)];
    const modelCost = decision.reviewed?.modelCost ?? null;
    return { ...decision, effects, input, modelCost, details: detailsOf(decision) };
  },
  async stillHolds({ installationId, repositoryId, number, headSha }, { sql }) {
    if (number === null) return null;
    const head = await headOf(sql, installationId, repositoryId, number);
    return head === null || head === headSha ? null : `the head moved to ${head.slice(0, 7)}`;
  },
  revise: (effect, run, sql) => (effect.kind === "check-run" ? withOthers(sql, run, effect) : Promise.resolve(effect)),
  record: recordReview,
  ended: endReview,
  checkSettings: (own, positionOf, { inspector }) => tryRules(inspector, own, positionOf),
  jobs: [recheckJob, catchUpJob, sharedCheckJob],
};

export const codeReview = defineAgent(review);

/** Other open pull requests may share this head; the closed one no longer counts in their check. */
async function updateLeftHead({ context, scope }: Run, before: string | null, head: string): Promise<void> {
  if (before === null || before === head) return;
  const others = await numbersWithHead(context.store.sql, scope.installationId, scope.repositoryId, before);
  const payload = { repositoryId: Number(scope.repositoryId), sha: before };
  if (others.length > 0) await context.plan([{ name: SHARED_CHECK_JOB, payload }]);
}

/**
 * The rows and GitHub have different heads: a delivery is on its way, or two changes of one second are still being
 * settled. The review uses the head of the rows, so a job updates the rows first.
 * @throws NetworkError always, which retries a limited number of times.
 */
async function untilRowsFollow({ context, scope }: Run, number: number): Promise<never> {
  const wanted = { entity: "pull_request", repositoryId: Number(scope.repositoryId), number };
  await context.plan([{ name: "refresh", payload: wanted }]);
  throw new NetworkError(`the stored head of #${number} is out of date; GitHub is being read`);
}
