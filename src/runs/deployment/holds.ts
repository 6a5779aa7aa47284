import { z } from "zod";
import type { Effect } from "../../effects/effect.js";
import type { EffectResult } from "../../effects/writer.js";
import { endDeployment, lockStates } from "../../store/deployments/locks.js";
import { findRepository } from "../../store/repositories/find-repository.js";
import type { Sql, Store } from "../../store/store.js";
import type { DecidedRun, RunEnd } from "../carry-out.js";
import { APP, environmentLock } from "./environment-lock.js";

const Held = z.object({
  holds: z.array(z.object({ commentId: z.coerce.bigint(), environment: z.string(), fence: z.coerce.bigint() })),
});
type Hold = z.output<typeof Held>["holds"][number];

/** The locks of a run, from its decision. */
function holdsOf({ decision }: DecidedRun): readonly Hold[] {
  return Held.safeParse(decision).data?.holds ?? [];
}

/**
 * The fencing token is compared once more before the effect, because the lock may have changed its holder meanwhile.
 */
export async function fenceProblem(run: DecidedRun, { sql }: Pick<Store, "sql">): Promise<string | null> {
  for (const { commentId, environment, fence } of holdsOf(run)) {
    const scope = { of: "environment", repositoryId: run.repositoryId, name: environment } as const;
    const [state] = (await lockStates(sql, run.installationId, [scope])).values();
    if (state?.fence !== fence || state.lock?.deploying?.commentId !== commentId)
      return `the lock of ${environment} was lost`;
  }
  return null;
}

/** An effect that was not applied holds no lock. `isFor`: whether the lock was taken for an effect. */
export async function endUnused(
  sql: Sql,
  run: DecidedRun,
  { applied, now }: RunEnd,
  isFor: (effect: Effect, hold: Hold) => boolean,
): Promise<void> {
  const holds = holdsOf(run);
  if (holds.length === 0) return;
  const repository = await findRepository(sql, Number(run.repositoryId));
  if (repository === null) return;
  const isDone = ({ status }: EffectResult) => status === "done" || status === "adopted";
  for (const hold of holds) {
    if (applied.some((result) => isDone(result) && isFor(result.effect, hold))) continue;
    const lock = environmentLock(repository, hold.environment);
    await endDeployment(sql, lock, ({ commentId }) => commentId === hold.commentId, APP, now);
  }
}
