import type { Delivery } from "../../simulator/organisation/delivery.js";
import { access } from "../../src/jobs/access.js";
import { registryOf } from "../../src/jobs/define-job.js";
import { pushCommits } from "../../src/jobs/push-commits.js";
import { refresh } from "../../src/jobs/refresh.js";
import { createLog } from "../../src/log.js";
import { processDelivery } from "../../src/process/process-delivery.js";
import type { GitHubReader } from "../../src/github/reader.js";
import { modelReader } from "../property/reader.js";
import { runWaitingJobs } from "../property/run-jobs.js";
import type { SyncSetting } from "./setting.js";

const registry = registryOf([refresh, access, pushCommits]);
const log = createLog({ level: "silent" });

/** What the app does with deliveries beside the syncs of a setting. */
export interface Host {
  /** Stores deliveries, one after the other. */
  deliver(deliveries: readonly Delivery[]): Promise<void>;
  /** Reads of GitHub what they left open; gives how many reads there were. */
  read(reader?: Partial<GitHubReader>): Promise<number>;
}

export function hostOf({ github, options, installationId }: SyncSetting): Host {
  const { organisation, clock } = github.simulation;
  const { store } = options;
  const installation = organisation.installations.get(Number(installationId));
  if (!installation) throw new Error("the app is not installed");
  const model = modelReader(organisation, installation);
  return {
    async deliver(deliveries) {
      for (const { event: name, payload } of deliveries)
        await processDelivery({ store, log, clock, jobs: registry }, { guid: "late", name, payload, token: null });
    },
    read: (reader) => runWaitingJobs({ store, log, clock, registry, installationId, reader: { ...model, ...reader } }),
  };
}
