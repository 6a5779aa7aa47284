import { z } from "zod";
import { ARCHIVED } from "../../domain.js";
import { id } from "../../facts/scalars.js";
import { findRepository } from "../../store/repositories/find-repository.js";
import { numbersWithHead } from "../../store/reviews/pull-request.js";
import { defineAppJob } from "../../jobs/define-job.js";
import { REVIEW_JOB } from "./names.js";

/** A person pressed 'Re-run' on a check of this App: review the pull requests with that head again. */
export const recheckJob = defineAppJob({
  name: "recheck",
  queue: "agents",
  payload: z.object({ repositoryId: id, checkRunId: id, sha: z.string() }),
  attempts: 8,
  key: ({ checkRunId }) => String(checkRunId),
  async run({ repositoryId, sha }, { store, plan }) {
    const repository = await findRepository(store.sql, repositoryId);
    if (!repository) return { status: "skipped", reason: "the repository is no longer stored" };
    if (repository.archived) return { status: "skipped", reason: ARCHIVED };
    const numbers = await numbersWithHead(store.sql, repository.installationId, repository.ref.id, sha);
    if (numbers.length === 0)
      return {
        status: "skipped",
        reason: "no open pull request has this head any longer",
      };
    await plan(numbers.map((number) => ({ name: REVIEW_JOB, payload: { repositoryId, number, asked: true } })));
    return { status: "done", reason: `requested the review of ${numbers.map((number) => `#${number}`).join(", ")}` };
  },
});
