import type { Deferral, JobQueueName, JobRequest, Outcome, WorkClass } from "../domain.js";
import { InvalidError } from "../errors.js";
import type { JobPlan } from "../store/jobs/plan-jobs.js";
import type { Job, JobContext } from "./job.js";

/** A job whose payload type is its own affair: what a list of all jobs holds. */
export interface DefinedJob {
  readonly name: string;
  readonly queue: JobQueueName;
  readonly class: WorkClass;
  readonly attempts: number;
  /** @throws ZodError when the payload does not fit. */
  key(payload: unknown): string;
  /** @throws ZodError when the payload does not fit: the row is older than this code. */
  run(payload: unknown, context: JobContext): Promise<Outcome | Deferral>;
  /** The rows that this delivery calls for, where the job chooses its own deliveries. */
  readonly triggered?: (event: string, delivery: unknown) => readonly JobRequest[];
}

/** Keeps a job's payload type inside, so that jobs of different payloads go in one list without a cast. */
export function defineJob<P>(job: Job<P>): DefinedJob {
  return {
    name: job.name,
    queue: job.queue,
    class: job.class ?? "agents",
    attempts: job.attempts,
    key: (payload) => job.key(job.payload.parse(payload)),
    run: (payload, context) => job.run(job.payload.parse(payload), context),
  };
}

/** Every job by its name, from one literal list. */
export type JobRegistry = ReadonlyMap<string, DefinedJob>;

/** @throws Error when two jobs have one name: a mistake in the list. */
export function registryOf(jobs: readonly DefinedJob[]): JobRegistry {
  const registry = new Map(jobs.map((job) => [job.name, job]));
  if (registry.size !== jobs.length) throw new Error("two jobs have the same name");
  return registry;
}

/**
 * The row that a wish for work becomes.
 * @throws InvalidError when no job has that name; ZodError when the payload does not fit.
 */
export function planOf(registry: JobRegistry, request: JobRequest): JobPlan {
  const job = registry.get(request.name);
  if (!job) throw new InvalidError(`there is no job ${request.name}`);
  return {
    queue: job.queue,
    class: job.class,
    name: job.name,
    key: job.key(request.payload),
    payload: request.payload,
    maxAttempts: job.attempts,
    delayMs: request.delayMs ?? 0,
  };
}
