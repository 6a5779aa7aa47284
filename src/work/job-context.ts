import type { Clock } from "../domain.js";
import { InvalidError } from "../errors.js";
import type { EffectWriter } from "../effects/writer.js";
import type { GitHubReader } from "../github/reader.js";
import type { Log } from "../log.js";
import type { ClaimedJob } from "../store/jobs/claim-job.js";
import type { Store } from "../store/store.js";
import type { JobContext } from "../jobs/job.js";

/** The services that all jobs of a process share. */
export interface JobServices {
  readonly store: Store;
  /** Reads with the installation's token. */
  reader(installationId: bigint): GitHubReader;
  /** Writes with the installation's token, through the effects ledger. */
  writer(installationId: bigint): EffectWriter;
  readonly clock: Clock;
  readonly log: Log;
}

/** The context of one run without `plan`: the shared services, bound to the job's installation. */
export function contextOf(services: JobServices, job: ClaimedJob, signal: AbortSignal): Omit<JobContext, "plan"> {
  const installation = (): bigint => {
    if (job.installation_id === null) throw new InvalidError(`the job ${job.name} has no installation`);
    return job.installation_id;
  };
  return {
    jobId: job.id,
    installationId: job.installation_id,
    deliveryGuid: job.delivery_guid,
    tries: { attempt: job.attempts, maxAttempts: job.max_attempts },
    store: services.store,
    github: () => services.reader(installation()),
    effects: () => services.writer(installation()),
    clock: services.clock,
    log: logOf(services.log, job),
    signal,
  };
}

/** Every log line of a run names its job, delivery, installation and trace. */
export function logOf(log: Log, job: ClaimedJob): Log {
  const installation = job.installation_id === null ? null : String(job.installation_id);
  const { delivery_guid: delivery, trace_id: trace, name } = job;
  return log.child({ job: String(job.id), name, delivery, installation, trace });
}
