import { z } from "zod";
import { CHECK_NAME } from "../../agents/code-review/render/check-run.js";
import { ARCHIVED, type JobRequest } from "../../domain.js";
import { type Effect, effectSchema, targetOf } from "../../effects/effect.js";
import { id } from "../../facts/scalars.js";
import { defineAppJob, type DefinedJob } from "../../jobs/define-job.js";
import { newestOn } from "../../store/effects/ledger.js";
import { findRepository } from "../../store/repositories/find-repository.js";
import { SHARED_CHECK_JOB } from "./names.js";
import { sharedCheck, verdictsOf } from "./shared-head.js";

const Delivery = z.object({
  action: z.enum(["closed", "reopened"]),
  repository: z.object({ id }),
  pull_request: z.object({ head: z.object({ sha: z.string() }) }),
});

/** Updates the check of a commit when a pull request with this head is closed or reopened. */
export const sharedCheckJob: DefinedJob = {
  ...defineAppJob({
    name: SHARED_CHECK_JOB,
    queue: "agents",
    payload: z.object({ repositoryId: id, sha: z.string() }),
    attempts: 8,
    key: ({ repositoryId, sha }) => `${repositoryId}/${sha}`,
    async run({ repositoryId, sha }, context) {
      const { store, jobId } = context;
      const repository = await findRepository(store.sql, repositoryId);
      if (!repository) return { status: "skipped", reason: "the repository is not stored" };
      if (repository.archived) return { status: "skipped", reason: ARCHIVED };
      const scope = { installationId: repository.installationId, repositoryId: repository.ref.id };
      const combined = async (sql = store.sql) => sharedCheck(await verdictsOf(sql, scope, sha), `${sha} job ${jobId}`);
      const wanted = await combined();
      if (!wanted) return { status: "skipped", reason: "no open pull request with this head has a review" };
      const shown = await newestOn(store.sql, scope.repositoryId, targetOf(wanted));
      if (sameResult(effectSchema.safeParse(shown).data, wanted))
        return { status: "skipped", reason: "the check shows the result of all open pull requests with this head" };
      await context.effects().apply([wanted], context, async (effect, sql) => (await combined(sql)) ?? effect);
      return { status: "done", reason: `${CHECK_NAME} shows the result of all open pull requests with this head` };
    },
  }),
  triggered: (event, payload): readonly JobRequest[] => {
    const delivery = event === "pull_request" ? Delivery.safeParse(payload).data : undefined;
    if (!delivery) return [];
    const { repository, pull_request: pull } = delivery;
    return [{ name: SHARED_CHECK_JOB, payload: { repositoryId: repository.id, sha: pull.head.sha } }];
  },
};

function sameResult(shown: Effect | undefined, wanted: Extract<Effect, { kind: "check-run" }>): boolean {
  if (shown?.kind !== "check-run") return false;
  return (["conclusion", "title", "summary"] as const).every((part) => shown[part] === wanted[part]);
}
