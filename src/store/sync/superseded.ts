import { GoneError } from "../../errors.js";

/** The run has ended, or another runner has taken it over: its pages are not stored. */
export class SupersededError extends GoneError {
  constructor(runId: bigint) {
    super(`sync run ${runId} has ended, or another process took it over`);
  }
}
