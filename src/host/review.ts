import { openInspector } from "../agents/code-review/inspect/child-process.js";
import type { Inspector } from "../agents/code-review/inspect/inspector.js";
import type { DefinedJob } from "../jobs/define-job.js";
import { QUIET_MS, type ReviewOptions } from "../runs/code-review/options.js";
import { reviewJobs } from "../runs/code-review/jobs.js";
import type { Closing } from "./closing.js";

/** The jobs of the code review, with parsers in a process of their own that starts at the first file. */
export function openReview(
  open: Closing,
  options: Pick<ReviewOptions, "client" | "second" | "login"> & { readonly quietMs?: number | undefined },
): readonly DefinedJob[] {
  const inspector: Inspector = open.add(openInspector(), (opened) => opened.close());
  return reviewJobs({ ...options, inspector, quietMs: options.quietMs ?? QUIET_MS });
}
