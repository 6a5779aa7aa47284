import { createHash } from "node:crypto";
import { z } from "zod";
import { id } from "../../facts/scalars.js";
import { unfinishedJobs } from "../../store/jobs/unfinished-jobs.js";
import { unreviewedPulls } from "../../store/reviews/unreviewed.js";
import { repositoriesWorkedOn } from "../../store/tenants/excluded.js";
import { defineAppJob } from "../../jobs/define-job.js";
import { REVIEW_AGENT, REVIEW_JOB } from "./names.js";

/** What lay still for longer is looked at when something happens to it. */
const RECENT_MS = 30 * 86_400_000;
const MOST = 200;

const Payload = z.object({
  installationId: id,
  /** Null: all that the app works on. */
  repositories: z.array(id).nullable().default(null),
});

const AFTER_ACCESS_MS = 2_000;
const AFTER_SYNC_MS = 15_000;

/**
 * Reviews what was missed while an installation was suspended or lacked a permission, or while repositories were denied.
 * GitHub repeats no delivery of that time, and none of a denied repository was stored: what is open is read from the
 * rows, again and again until the sync that fills them is over. What was decided and not permitted then is written.
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
  // A key is indexed, and many numbers make a long one.
  return `${installationId}/${createHash("sha256").update(repositories.join(" ")).digest("hex")}`;
}
