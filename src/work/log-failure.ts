import { CircuitOpenError, type FailurePolicy, kindOf, messageOf, RefusedError } from "../errors.js";
import { type Log, redact } from "../log.js";
import type { ErrorTracker } from "../telemetry/error-tracker.js";
import type { ClaimedJob } from "../store/jobs/claim-job.js";

/**
 * Logs a failed run by its kind. Rate limits wait. Refusals need a person. A first network failure is only debug
 * output. Unexpected errors are logged with their stack and sent to error tracking.
 */
export function logFailure(log: Log, errors: ErrorTracker, job: ClaimedJob, error: unknown, policy: FailurePolicy) {
  const text = redact(messageOf(error));
  const at = policy.kind === "retry-at" ? policy.at : null;
  const about = { kind: kindOf(error), reason: text, attempt: job.attempts, policy: policy.kind, until: at };
  switch (about.kind) {
    case "rate-limit":
      return log.warn(about, "GitHub's rate limit is reached; job waits for the reset");
    case "authentication":
      if (error instanceof RefusedError)
        return log.debug(about, "GitHub refused the credentials a moment ago; job waits");
      return log.error(about, "GitHub refuses the App's credentials; reconnect the App");
    case "forbidden":
      return log.warn(about, "GitHub forbids a call; check the App's permissions");
    case "network":
      if (error instanceof CircuitOpenError) return log.debug(about, "host does not respond; job waits");
      if (job.attempts === 1) return log.debug(about, "network request failed; job will retry");
      return log.warn(about, "network request failed again; job will retry");
    case "unknown": {
      const tags = { job: String(job.id), name: job.name, delivery: job.delivery_guid, trace: job.trace_id };
      const reference = errors.capture(error, tags);
      return log.error({ ...about, err: error, reference }, "job failed unexpectedly");
    }
    case "gone":
      return log.info(about, "subject of the job no longer exists");
    case "invalid":
      return log.warn(about, "job is invalid; it will not retry");
  }
}
