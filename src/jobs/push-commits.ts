import { z } from "zod";
import type { Outcome } from "../domain.js";
import { GoneError } from "../errors.js";
import { CommitBody, commitFact } from "../facts/commit.js";
import type { CommitFact } from "../facts/fact.js";
import { NO_COMMIT } from "../facts/push.js";
import { id } from "../facts/scalars.js";
import { storeCommits } from "../store/facts/commits.js";
import { completePush } from "../store/facts/complete-push.js";
import { findRepository, type KnownRepository } from "../store/repositories/find-repository.js";
import { defineAppJob } from "./define-job.js";
import type { JobContext } from "./job.js";

const Payload = z.object({
  repositoryId: id,
  ref: z.string(),
  before: z.string(),
  after: z.string(),
  pushedAt: z.string(),
});
type Payload = z.infer<typeof Payload>;

const BATCH = 500;

/** Reads the commits that a push's payload left out: GitHub includes at most 2,048. */
export const pushCommits = defineAppJob({
  name: "push-commits",
  queue: "sync",
  class: "live",
  payload: Payload,
  attempts: 8,
  key: ({ repositoryId, ref, before, after }) => `${repositoryId}/${ref}/${before}..${after}`,
  async run(push, context): Promise<Outcome> {
    const known = await findRepository(context.store.sql, push.repositoryId);
    if (known === null) return { status: "skipped", reason: "the repository is no longer stored" };
    const base = baseOf(push, known);
    if (base === null)
      return { status: "skipped", reason: "the first push of a branch has no earlier commit to compare with" };
    try {
      return await readCommits(push, base, known, context);
    } catch (error) {
      if (!(error instanceof GoneError)) throw error;
      return { status: "skipped", reason: `GitHub no longer has the commits: ${error.message}` };
    }
  },
});

async function readCommits(push: Payload, base: string, known: KnownRepository, context: JobContext): Promise<Outcome> {
  const { store, clock, signal } = context;
  const scope = { repositoryId: push.repositoryId, repository: known.fullName, observedAt: null };
  let batch: CommitFact[] = [];
  let count = 0;
  const flush = async () => {
    await storeCommits(store.sql, batch, { installationId: known.installationId, now: clock.now() });
    count += batch.length;
    batch = [];
  };
  for await (const body of context.github().commits(known.ref, base, push.after)) {
    batch.push(commitFact(CommitBody.parse(body), scope));
    if (batch.length < BATCH) continue;
    await flush();
    signal.throwIfAborted();
  }
  await flush();
  await completePush(store.sql, push, count);
  return { status: "done", reason: `${count} commits were read from GitHub` };
}

/** A new branch is compared with the default branch. */
function baseOf({ ref, before }: Payload, { defaultBranch }: KnownRepository): string | null {
  if (before !== NO_COMMIT) return before;
  return defaultBranch === null || ref === `refs/heads/${defaultBranch}` ? null : defaultBranch;
}
