import { z } from "zod";
import type { Clock } from "../../src/domain.js";
import { InvalidError, messageOf } from "../../src/errors.js";
import type { GitHubReader } from "../../src/github/reader.js";
import type { JobRegistry } from "../../src/jobs/define-job.js";
import type { Log } from "../../src/log.js";
import type { Store } from "../../src/store/store.js";

export interface RunJobs {
  readonly store: Store;
  readonly log: Log;
  readonly clock: Clock;
  readonly registry: JobRegistry;
  readonly installationId: bigint;
  readonly reader: GitHubReader;
}

const Waiting = z.object({ id: z.coerce.bigint(), name: z.string(), payload: z.unknown() });

const TAKE = `UPDATE jobs SET status = 'running' WHERE id IN (
    SELECT id FROM jobs WHERE installation_id = $1 AND status = 'waiting' ORDER BY id LIMIT 1
  ) RETURNING id::text AS id, name, payload`;

/** Runs the waiting jobs of an installation one after the other until there are none; gives how many. */
export async function runWaitingJobs(options: RunJobs): Promise<number> {
  const { store, installationId } = options;
  for (let count = 0; ; count += 1) {
    const [row] = await store.sql.query(TAKE, [installationId], "property-take-job");
    if (row === undefined) return count;
    const { id, name, payload } = Waiting.parse(row);
    const job = options.registry.get(name);
    if (job === undefined) throw new InvalidError(`no job ${name}`);
    const { status, reason } = await job
      .run(payload, {
        jobId: id,
        installationId,
        deliveryGuid: null,
        tries: { attempt: 1, maxAttempts: 1 },
        store,
        github: () => options.reader,
        effects() {
          throw new InvalidError("nothing is written here");
        },
        plan() {
          throw new InvalidError("nothing more is planned here");
        },
        clock: options.clock,
        log: options.log,
        signal: new AbortController().signal,
      })
      .catch((error: unknown) => ({ status: "failed", reason: messageOf(error) }));
    if (status === "failed") throw new Error(`${name} failed: ${reason}`);
    await store.sql.query("UPDATE jobs SET status = $2, reason = $3 WHERE id = $1", [id, status, reason]);
  }
}
