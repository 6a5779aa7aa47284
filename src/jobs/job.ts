import type { z } from "zod";
import type { Clock, Deferral, JobQueueName, JobRequest, Outcome, WorkClass } from "../domain.js";
import type { EffectWriter } from "../effects/writer.js";
import type { GitHubReader } from "../github/reader.js";
import type { Log } from "../log.js";
import type { Store } from "../store/store.js";

/** The tools of a running job, scoped to the job's installation if it has one. */
export interface JobContext {
  readonly jobId: bigint;
  readonly installationId: bigint | null;
  readonly deliveryGuid: string | null;
  /** The number of this attempt, and the limit after which the job is given up. */
  readonly tries: { readonly attempt: number; readonly maxAttempts: number };
  /** True if the host starts long after the event: an object that GitHub does not have now will not appear later. */
  readonly lagPassed?: boolean;
  readonly store: Store;
  /** Reads for the job's installation; throws `InvalidError` for a job without one. */
  github(): GitHubReader;
  /** Writes for the job's installation, through the effects ledger; throws `InvalidError` for a job without one. */
  effects(): EffectWriter;
  /** Plans more jobs for the same installation and delivery, and wakes them. */
  plan(requests: readonly JobRequest[]): Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborted when the process is stopping: end at the next safe point by throwing its reason. */
  readonly signal: AbortSignal;
}

/** One unit of work, safe to run twice. */
export interface Job<P> {
  readonly name: string;
  readonly queue: JobQueueName;
  /** The order within one installation's work; default `agents`. */
  readonly class?: WorkClass;
  /** Parsed again in the worker, because the row may be older than this code. */
  readonly payload: z.ZodType<P>;
  readonly attempts: number;
  /** The same key means the same work: at most one row waits and at most one runs. */
  key(payload: P): string;
  run(payload: P, context: JobContext): Promise<Outcome | Deferral>;
}
