import { createHash } from "node:crypto";
import { z } from "zod";
import { id } from "../../facts/scalars.js";
import { unfinishedJobs } from "../../store/jobs/unfinished-jobs.js";
import { unreviewedPulls } from "../../store/reviews/unreviewed.js";
import { repositoriesWorkedOn } from "../../store/tenants/excluded.js";
import { defineAppJob } from "../../jobs/define-job.js";
import { REVIEW_AGENT, REVIEW_JOB } from "./names.js";

/** Older pull requests are reviewed at their next event. */
const RECENT_MS = 30 * 86_400_000;
const MOST = 200;

const Payload = z.object({
  installationId: id,
  /** Null: all repositories that the app works on. */
  repositories: z.array(id).nullable().default(null),
});

const AFTER_ACCESS_MS = 2_000;
const AFTER_SYNC_MS = 15_000;

/**
 * Reviews pull requests that were missed while the installation was suspended or lacked a permission, or while the
 * repository was denied. GitHub does not repeat the deliveries of that time, so the job reads open pull requests from
 * the rows, and repeats until the sync that fills them has ended. It also writes effects that were not permitted at the
 * time.
 */
export const catchUpJob = defineAppJob({
  name: "catch-up",
  queue: "agents",
  payload: Payload,
  attempts: 8,
  key: keyOf,
  async run({ installationId: given, repositories: only }, { store, clock, plan }) {
    const installationId = BigInt(given);
    const now = clock.now().getTime();
    const unfinished = await unfinishedJobs(store.sql, installationId, ["access", "sync"]);
    if (unfinished.has("access")) {
      return {
        status: "later",
        at: new Date(now + AFTER_ACCESS_MS),
        reason: "the list of accessible repositories is being read",
      };
    }
    await plan([{ name: "resume-writes", payload: { installationId: given } }]);
    const since = new Date(now - RECENT_MS);
    const all = await repositoriesWorkedOn(store.sql, installationId);
    const repositories = only === null ? all : all.filter((each) => only.includes(each));
    const wanted = { installationId, repositories, agent: REVIEW_AGENT, since, most: MOST };
    const pulls = await unreviewedPulls(store.sql, wanted);
    await plan(pulls.map((payload) => ({ name: REVIEW_JOB, payload })));
    const reason = `${pulls.length} open pull requests without a review of their head found`;
    if (!unfinished.has("sync")) return { status: "done", reason };
    return { status: "later", at: new Date(now + AFTER_SYNC_MS), reason: `${reason}; the sync goes on` };
  },
});

function keyOf({ installationId, repositories }: z.infer<typeof Payload>): string {
  if (repositories === null) return String(installationId);
  // The key is indexed, and a list of many numbers would be too long for it.
  return `${installationId}/${createHash("sha256").update(repositories.join(" ")).digest("hex")}`;
}
