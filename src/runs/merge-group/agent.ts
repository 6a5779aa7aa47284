import { z } from "zod";
import type { Decision } from "../../agents/agent.js";
import { CHECK_NAME } from "../../agents/code-review/render/check-run.js";
import { REVIEW, type ReviewSettings } from "../../agents/code-review/settings/settings.js";
import type { RepositoryRef } from "../../domain.js";
import type { EffectOf } from "../../effects/effect.js";
import { id } from "../../facts/scalars.js";
import { headOf } from "../../store/reviews/pull-request.js";
import { lastReview } from "../../store/reviews/runs.js";
import { reviewCheck } from "../code-review/shared-head.js";
import { REVIEW_AGENT } from "../code-review/names.js";
import { type Agent, defineAgent, ofRepository, trigger } from "../run.js";

const NUMBER = /\/pr-(\d+)-[0-9a-f]{7,64}$/;

const payload = ofRepository.extend({ sha: z.string(), headRef: z.string() });
type Payload = z.output<typeof payload>;

const Delivery = z.object({
  action: z.string(),
  repository: z.object({ id }),
  merge_group: z.object({ head_sha: z.string(), head_ref: z.string() }),
});

interface Queued {
  readonly repository: RepositoryRef;
  readonly sha: string;
  readonly headRef: string;
  readonly number: number;
  /** The check of the pull request's last review; null: none. */
  readonly last: EffectOf<"check-run"> | null;
  /** The head of the pull request; null: it is no longer open. */
  readonly head: string | null;
}

const merging: Agent<Payload, Queued, ReviewSettings> = {
  name: "merge-group",
  section: REVIEW,
  job: "merge-group",
  occasion: "merge queue",
  payload,
  triggers: [
    trigger("merge_group", Delivery, ({ action, repository, merge_group: { head_sha: sha, head_ref: headRef } }) =>
      action === "checks_requested" ? { repositoryId: repository.id, sha, headRef, asked: false } : null,
    ),
  ],
  commands: [],
  reads: [],
  subject: ({ sha, headRef }) => ({ name: `commit:${sha}`, number: numberIn(headRef) }),
  async collect({ context, repository, scope, key, settings }, { sha, headRef }) {
    const { number } = key;
    if (number === null) return { status: "skipped", reason: "the branch of the merge queue names no pull request" };
    const { sql } = context.store;
    const { ref, installationId } = repository;
    const { shadow } = (await settings()).settings;
    const last = await lastReview(sql, { ...scope, agent: REVIEW_AGENT, subject: `pull_request:${number}` });
    const head = await headOf(sql, installationId, ref.id, number);
    const check = last?.shadow === shadow ? reviewCheck(last.decision) : null;
    return { subject: { repository: ref, sha, headRef, number, last: check, head }, headSha: sha };
  },
  decide(queued) {
    const effect = checkFor(queued);
    const decision: Decision = { reason: effect.reason, effects: [effect], input: { headRef: queued.headRef } };
    return Promise.resolve(decision);
  },
  // A commit of the queue never changes.
  stillHolds: () => Promise.resolve(null),
};

/** For a pull request in a merge queue: the queue's commit gets the result of the pull request's own review. */
export const mergeGroup = defineAgent(merging);

function numberIn(headRef: string): number | null {
  const number = NUMBER.exec(headRef)?.[1];
  return number === undefined ? null : Number(number);
}

/** A review of another head does not apply to this one. */
function checkFor({ repository, sha: headSha, number, last, head }: Queued): EffectOf<"check-run"> {
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
    summary: `In the merge queue, ${what}${before}. Comment \`/review\` on the pull request to review it.`,
  };
}
