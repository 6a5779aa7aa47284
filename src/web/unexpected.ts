import type { ServerResponse } from "node:http";
import type { Log } from "../log.js";
import type { ErrorTracker } from "../telemetry/error-tracker.js";
import { answerJson } from "./json.js";

/** Answers 500 with a reference and no more: what went wrong is in the log and in error tracking, under that reference. */
export function answerUnexpected(
  { log, errors }: { readonly log: Log; readonly errors: ErrorTracker },
  response: ServerResponse,
  error: unknown,
  where: string,
): void {
  const reference = errors.capture(error, { where });
  log.error({ err: error, reference, where }, "a request failed unexpectedly");
  if (response.headersSent) response.destroy();
  else answerJson(response, 500, { error: "an unexpected error", reference });
}
