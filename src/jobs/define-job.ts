import type { Deferral, JobQueueName, JobRequest, Outcome, WorkClass } from "../domain.js";
import { z } from "zod";
import { InvalidError } from "../errors.js";
import type { JobName, JobPayloads } from "../job-payloads.js";
import type { JobPlan } from "../store/jobs/plan-jobs.js";
import type { Job, JobContext } from "./job.js";

/** A job without its payload type, as in the list of all jobs. */
export interface DefinedJob {
  readonly name: string;
  readonly queue: JobQueueName;
  readonly class: WorkClass;
  readonly attempts: number;
  /** @throws ZodError when the payload does not match. */
  key(payload: unknown): string;
  /** The repository of the payload, and its issue or pull request number, as columns of the row. */
  about(payload: unknown): About;
  /** @throws ZodError when the payload does not match, because the row is older than this code. */
  run(payload: unknown, context: JobContext): Promise<Outcome | Deferral>;
  /** The rows for this delivery, if the job chooses its own deliveries. */
  readonly triggered?: (event: string, delivery: unknown) => readonly JobRequest[];
}

/** Null: the job concerns no repository, or no number in it. */
export interface About {
  readonly repositoryId: bigint | null;
  readonly number: number | null;
}

const Subject = z
  .object({ repositoryId: z.int().nullable().catch(null), number: z.int32().nullable().catch(null) })
  .catch({ repositoryId: null, number: null });

/** The only place that reads a payload's repository and number, when the job is planned. */
function aboutOf(payload: unknown): About {
  const { repositoryId, number } = Subject.parse(payload);
  return { repositoryId: repositoryId === null ? null : BigInt(repositoryId), number };
}

/** Hides a job's payload type, so that different jobs fit in one list without a cast. */
export function defineJob<P>(job: Job<P>): DefinedJob {
  return {
    name: job.name,
    queue: job.queue,
    class: job.class ?? "agents",
    attempts: job.attempts,
    key: (payload) => job.key(job.payload.parse(payload)),
    about: (payload) => aboutOf(job.payload.parse(payload)),
    run: (payload, context) => job.run(job.payload.parse(payload), context),
  };
}

/** A job that handlers request. Its schema accepts exactly its type in `JobPayloads`, and may fill in defaults. */
export function defineAppJob<N extends JobName, P>(
  job: Omit<Job<P>, "name" | "payload"> & { readonly name: N; readonly payload: z.ZodType<P, JobPayloads[N]> },
): DefinedJob {
  return defineJob<P>(job);
}

/** Every job by its name, from one literal list. */
export type JobRegistry = ReadonlyMap<string, DefinedJob>;

/** @throws Error when two jobs have the same name. */
export function registryOf(jobs: readonly DefinedJob[]): JobRegistry {
  const registry = new Map(jobs.map((job) => [job.name, job]));
  if (registry.size !== jobs.length) throw new Error("two jobs have the same name");
  return registry;
}

/**
 * Turns a request for work into a row.
 * @throws InvalidError when no job has that name; ZodError when the payload does not match.
 */
export function planOf(registry: JobRegistry, request: JobRequest): JobPlan {
  const job = registry.get(request.name);
  if (!job) throw new InvalidError(`no job is called ${request.name}`);
  return {
    queue: job.queue,
    class: job.class,
    name: job.name,
    key: job.key(request.payload),
    ...job.about(request.payload),
    payload: request.payload,
    maxAttempts: job.attempts,
    delayMs: request.delayMs ?? 0,
  };
}
