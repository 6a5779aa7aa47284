/**
 * As in `agent_runs.agent` and `jobs.name`. Jobs and commands outside of the agent use these names to request a review.
 */
export const REVIEW_AGENT = "code-review";
export const REVIEW_JOB = "review";
export const SHARED_CHECK_JOB = "shared-check";
