import { CircuitOpenError, type FailurePolicy, kindOf, messageOf, RefusedError } from "../errors.js";
import { type Log, redact } from "../log.js";
import type { ErrorTracker } from "../telemetry/error-tracker.js";
import type { ClaimedJob } from "../store/jobs/claim-job.js";

/**
 * Says in the log what a failed run means, each kind in its way: a limit is waited for, a refusal needs a person, a
 * network that fails once is nothing yet, and what nobody foresaw comes with its stack and goes to error tracking.
 */
export function tellFailure(log: Log, errors: ErrorTracker, job: ClaimedJob, error: unknown, policy: FailurePolicy) {
  const text = redact(messageOf(error));
  const at = policy.kind === "retry-at" ? policy.at : null;
  const about = { kind: kindOf(error), reason: text, attempt: job.attempts, policy: policy.kind, until: at };
  switch (about.kind) {
    case "rate-limit":
      return log.warn(about, "GitHub's rate limit is reached; the job waits for the reset");
    case "authentication":
      if (error instanceof RefusedError) return log.debug(about, "the job waits until GitHub is asked again");
      return log.error(about, "GitHub refuses our credentials; somebody has to reconnect the App");
    case "forbidden":
      return log.warn(about, "GitHub forbids a call; a permission may be missing");
    case "network":
      if (error instanceof CircuitOpenError) return log.debug(about, "the job waits until the host answers again");
      if (job.attempts === 1) return log.debug(about, "no answer came; the job is tried again");
      return log.warn(about, "no answer came, again");
    case "unknown": {
      const tags = { job: String(job.id), name: job.name, delivery: job.delivery_guid, trace: job.trace_id };
      const reference = errors.capture(error, tags);
      return log.error({ ...about, err: error, reference }, "an unexpected error in a job");
    }
    case "gone":
      return log.info(about, "what the job is about is not there any more");
    case "invalid":
      return log.warn(about, "the job can never be done as it is");
  }
}
