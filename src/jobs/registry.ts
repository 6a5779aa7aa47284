import type { DefinedJob } from "./define-job.js";

/** Every job of the app. A handler's wish for one that is not listed is stored as 'no agent is registered'. */
export const JOBS: readonly DefinedJob[] = [];
