import { z } from "zod";
import { triageSettings } from "../../agents/triage/settings.js";
import type { Deferral, Outcome } from "../../domain.js";
import { id } from "../../facts/scalars.js";
import { defineJob, planOf, registryOf } from "../../jobs/define-job.js";
import { planJobs } from "../../store/jobs/plan-jobs.js";
import type { JobWakeUp } from "../../store/jobs/wake-up.js";
import { findRepository, type KnownRepository } from "../../store/repositories/find-repository.js";
import { lastGoodSettings } from "../../store/reviews/settings.js";
import type { Store } from "../../store/store.js";
import { backlogCounts, backlogIssues } from "../../store/triage/backlog.js";
import { writesSince } from "../../store/triage/subject.js";

const TRIAGE = "triage";
const DAY_MS = 86_400_000;
const PAUSE_MS = 60_000;
/** Issues judged before the next look at the day's writes; new issues come between. */
const BATCH = 25;
/** Writes that one issue takes at the most: its labels, and one comment. */
const WRITES_AN_ISSUE = 2;
const Triage = z.object({ triage: triageSettings }).catch({ triage: triageSettings.parse({}) });

/** Plans triage of a repository's open issues that were not judged yet, within the writes that its settings allow a day. */
export const backlogJob = defineJob({
  name: "triage-backlog",
  queue: "agents",
  class: "sync",
  payload: z.object({
    repositoryId: id,
    /** When it was asked for. */
    since: z.iso.datetime(),
  }),
  attempts: 8,
  key: ({ repositoryId }) => String(repositoryId),
  async run({ repositoryId, since }, { store, clock, plan }): Promise<Outcome | Deferral> {
    const { sql } = store;
    const repository = await findRepository(sql, repositoryId);
    if (!repository) return { status: "skipped", reason: "the repository is not known" };
    const on = { installationId: repository.installationId, repositoryId: repository.ref.id, since: new Date(since) };
    const { waiting, judged } = await backlogCounts(sql, on);
    const progress = `${judged} of ${judged + waiting} open issues judged`;
    if (waiting === 0) return { status: "done", reason: progress };
    const { triage } = Triage.parse((await lastGoodSettings(sql, on.installationId, on.repositoryId))?.settings);
    const now = clock.now().getTime();
    const used = await writesSince(sql, { ...on, number: 0 }, new Date(now - DAY_MS));
    const most = Math.min(BATCH, Math.floor((triage.writesPerDay - used) / WRITES_AN_ISSUE));
    if (most <= 0) {
      const reason = `${progress}; the ${triage.writesPerDay} writes of 24 hours are used up`;
      return { status: "later", at: new Date(now + DAY_MS / 24), reason };
    }
    const issues = await backlogIssues(sql, on, most);
    await plan(issues.map(({ number }) => ({ name: TRIAGE, payload: { repositoryId, number, asked: false } })));
    return {
      status: "later",
      at: new Date(now + PAUSE_MS),
      reason: `${progress}; ${issues.length} more are under way`,
    };
  },
});

/** Plans the backlog of a repository; once it is under way a second request adds nothing. */
export async function requestBacklog(
  store: Store,
  repository: KnownRepository,
  now: Date,
): Promise<readonly JobWakeUp[]> {
  const payload = { repositoryId: Number(repository.ref.id), since: now.toISOString() };
  const plan = planOf(registryOf([backlogJob]), { name: backlogJob.name, payload });
  const origin = { installationId: repository.installationId, deliveryGuid: null, traceId: null, now };
  return (await planJobs(store.sql, [plan], origin)).map(({ wakeUp }) => wakeUp);
}
