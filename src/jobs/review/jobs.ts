import type { DefinedJob } from "../define-job.js";
import type { ReviewOptions } from "./options.js";
import { reviewJob } from "./review-job.js";

/** The jobs of the code review agent. */
export function reviewJobs(options: ReviewOptions): readonly DefinedJob[] {
  return [reviewJob(options)];
}
