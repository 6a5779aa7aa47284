/** As in `agent_runs.agent` and in `jobs.name`: the commands and jobs beside the agent ask for reviews by them. */
export const REVIEW_AGENT = "code-review";
export const REVIEW_JOB = "review";
export const SHARED_CHECK_JOB = "shared-check";
