import type { z } from "zod";
import type { Clock, Deferral, JobQueueName, JobRequest, Outcome, WorkClass } from "../domain.js";
import type { EffectWriter } from "../effects/writer.js";
import type { GitHubReader } from "../github/reader.js";
import type { Log } from "../log.js";
import type { Store } from "../store/store.js";

/** What a running job may use. Everything is scoped to the job's installation, where it has one. */
export interface JobContext {
  readonly jobId: bigint;
  readonly installationId: bigint | null;
  readonly deliveryGuid: string | null;
  /** Which attempt this is, and after how many failed ones it is given up. */
  readonly tries: { readonly attempt: number; readonly maxAttempts: number };
  /** True where the host starts long after the event: what GitHub does not show now it will not show later. */
  readonly lagPassed?: boolean;
  readonly store: Store;
  /** Reads of the job's installation; throws `InvalidError` for a job without one. */
  github(): GitHubReader;
  /** Writes of the job's installation, through the effects ledger; throws `InvalidError` for a job without one. */
  effects(): EffectWriter;
  /** Plans more work for the same installation, on the same occasion, and wakes it. */
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
  /** What is claimed first of one installation's work; default `agents`. */
  readonly class?: WorkClass;
  /** Parsed again in the worker: the row may be older than this code. */
  readonly payload: z.ZodType<P>;
  readonly attempts: number;
  /** The same key is one piece of work: at most one waits and at most one runs. */
  key(payload: P): string;
  run(payload: P, context: JobContext): Promise<Outcome | Deferral>;
}
