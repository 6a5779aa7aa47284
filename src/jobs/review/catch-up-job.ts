import { z } from "zod";
import { id } from "../../facts/scalars.js";
import { unfinishedJobs } from "../../store/jobs/unfinished-jobs.js";
import { unreviewedPulls } from "../../store/reviews/unreviewed.js";
import { defineJob } from "../define-job.js";
import { REVIEW_AGENT, REVIEW_JOB } from "./options.js";

/** What lay still for longer is looked at when something happens to it. */
const RECENT_MS = 30 * 86_400_000;
const MOST = 200;

const AFTER_ACCESS_MS = 2_000;
const AFTER_SYNC_MS = 15_000;

/**
 * Reviews what was missed while an installation was suspended or lacked a permission. GitHub repeats no delivery of that
 * time: what is open is read from the rows, again and again until the sync that fills them is over.
 */
export const catchUpJob = defineJob({
  name: "catch-up",
  queue: "agents",
  payload: z.object({ installationId: id }),
  attempts: 8,
  key: ({ installationId }) => String(installationId),
  async run({ installationId: given }, { store, clock, plan }) {
    const installationId = BigInt(given);
    const now = clock.now().getTime();
    const unfinished = await unfinishedJobs(store.sql, installationId, ["access", "sync"]);
    if (unfinished.has("access")) {
      return { status: "later", at: new Date(now + AFTER_ACCESS_MS), because: "what may be seen is being read" };
    }
    const since = new Date(now - RECENT_MS);
    const pulls = await unreviewedPulls(store.sql, { installationId, agent: REVIEW_AGENT, since, most: MOST });
    await plan(pulls.map((payload) => ({ name: REVIEW_JOB, payload })));
    const because = `${pulls.length} open pull requests had no review of their head`;
    if (!unfinished.has("sync")) return { status: "done", because };
    return { status: "later", at: new Date(now + AFTER_SYNC_MS), because: `${because}; the sync goes on` };
  },
});
