import { GoneError } from "../../errors.js";

/** The run is over, or another runner has it: what was read for it is not stored. */
export class SupersededError extends GoneError {
  constructor(runId: bigint) {
    super(`sync run ${runId} has ended, or another process took it over`);
  }
}
