import { z } from "zod";
import type { Outcome } from "../domain.js";
import { type Effect, effectSchema, targetOf } from "../effects/effect.js";
import { intentOf } from "../effects/intent.js";
import type { EffectResult, Revise } from "../effects/writer.js";
import { messageOf } from "../errors.js";
import { id } from "../facts/scalars.js";
import { defineAppJob, type DefinedJob } from "../jobs/define-job.js";
import type { JobContext } from "../jobs/job.js";
import { redact } from "../log.js";
import { blockedEffects } from "../store/effects/ledger.js";
import { permissionsOf } from "../store/reviews/permissions.js";
import { changeDecision, newestDeciding, runsLeavingOut, runsOfJob, type StoredRun } from "../store/reviews/runs.js";
import { fateOf } from "./failures.js";
import { permitted } from "./permissions.js";
import type { DefinedAgent } from "./run.js";
import { readDecision, writeDecision } from "./stored-decision.js";

/** Older effects that were left out are not applied later. */
const RECENT_MS = 30 * 86_400_000;

/**
 * Applies decided effects that were not written: because writes were paused, the repository was denied, or a permission
 * was missing that is granted now. Effects of an outdated decision are cancelled.
 */
export function resumeWritesJob(agents: readonly DefinedAgent[]): DefinedJob {
  return defineAppJob({
    name: "resume-writes",
    queue: "agents",
    payload: z.object({ installationId: id }),
    attempts: 8,
    key: ({ installationId }) => String(installationId),
    async run({ installationId }, context) {
      const resuming = { agents, installationId: BigInt(installationId), context };
      return outcomeOf(await resumeBlocked(resuming), await bringBack(resuming));
    },
  });
}

interface Resuming {
  readonly agents: readonly DefinedAgent[];
  readonly installationId: bigint;
  readonly context: JobContext;
}

interface Resumed {
  readonly results: readonly EffectResult[];
  readonly refused: readonly string[];
}

/** In the order of the decisions. Effects that this version cannot read stay blocked. */
async function resumeBlocked(resuming: Resuming): Promise<Resumed> {
  const { installationId, context } = resuming;
  const ends = new Map<bigint, { readonly owned: Owned; readonly results: EffectResult[] }>();
  const all = new Applied(context);
  for (const { request, jobId } of await blockedEffects(context.store.sql, installationId)) {
    const effect = effectSchema.safeParse(request).data;
    if (!effect) continue;
    const owned = await ownerOf(resuming, effect, jobId);
    const results = owned ? await resumeOwned(all, owned, effect) : await all.apply(effect);
    if (!owned) continue;
    const end = ends.get(owned.run.id) ?? { owned, results: [] };
    end.results.push(...results);
    ends.set(owned.run.id, end);
  }
  for (const { owned, results } of ends.values()) await endAgain(context, owned, results);
  return all;
}

/** The agent and the run that an effect comes from. */
interface Owned {
  readonly agent: DefinedAgent;
  readonly run: StoredRun;
  /** Why the effect is outdated; null: it is still valid. */
  readonly outdated: string | null;
}

async function ownerOf(resuming: Resuming, effect: Effect, jobId: bigint | null): Promise<Owned | null> {
  const { sql } = resuming.context.store;
  const target = targetOf(effect);
  const has = (run: StoredRun) => effectsIn(run).some((each) => targetOf(each) === target);
  const run = jobId === null ? undefined : (await runsOfJob(sql, jobId)).find(has);
  return run ? await owned(resuming, run, effect) : null;
}

/** A later run about the same subject replaces this one, unless it decided the same effect. */
async function owned({ agents, context }: Resuming, of: StoredRun, effect: Effect): Promise<Owned | null> {
  const agent = agents.find(({ name }) => name === of.agent);
  if (!agent) return null;
  const newest = (await newestDeciding(context.store.sql, of)) ?? of;
  const again = effectsIn(newest).some((each) => intentOf(each) === intentOf(effect));
  if (newest.id !== of.id && !again) return { agent, run: of, outdated: "a later run decided again" };
  return { agent, run: newest, outdated: await agent.stillHolds(newest, context.store) };
}

async function resumeOwned(all: Applied, { agent, run, outdated }: Owned, effect: Effect): Promise<EffectResult[]> {
  if (outdated !== null) return all.apply(effect, () => Promise.resolve({ outdated }));
  const revise: Revise = (own, sql) => agent.revise(own, run, sql);
  const own = effectsIn(run).find((each) => targetOf(each) === targetOf(effect)) ?? effect;
  const results = await all.apply(own, revise);
  // The revised effect was written, so the earlier text is no longer wanted.
  if (results.length > 0 && results.every(({ intent }) => intent !== intentOf(effect)))
    await all.apply(effect, () => Promise.resolve({ outdated: "a later effect replaced it" }));
  return results;
}

/** The effects that were not permitted when they were decided and are permitted now. */
async function bringBack(resuming: Resuming): Promise<Resumed> {
  const { installationId, context } = resuming;
  const { sql } = context.store;
  const all = new Applied(context);
  const since = new Date(context.clock.now().getTime() - RECENT_MS);
  const permissions = await permissionsOf(sql, installationId);
  for (const run of await runsLeavingOut(sql, installationId, since)) {
    const decision = readDecision(run.decision);
    const [first] = decision?.leftOut ?? [];
    if (!decision || !first) continue;
    const found = await owned(resuming, run, first);
    if (!found) continue;
    const isOutdated = found.outdated !== null || found.run.id !== run.id;
    const { effects, leftOut, notes } = permitted(decision.leftOut, permissions);
    if (!isOutdated && effects.length === 0) continue;
    const results: EffectResult[] = [];
    const revise: Revise = (own, by) => found.agent.revise(own, run, by);
    if (!isOutdated) for (const effect of effects) results.push(...(await all.apply(effect, revise)));
    const kept = isOutdated
      ? { ...decision, leftOut: [] }
      : { effects: [...decision.effects, ...effects], leftOut, notes };
    await changeDecision(sql, run.id, writeDecision(kept, detailsIn(run)));
    await endAgain(context, { ...found, run: { ...run, decision: kept } }, results);
  }
  return all;
}

/** Updates the agent's rows to the new end of the run. */
function endAgain({ store, clock }: JobContext, { agent, run, outdated }: Owned, applied: readonly EffectResult[]) {
  const status = outdated === null ? "done" : "abandoned";
  return store.transaction((sql) => agent.ended(sql, run, { status, applied, now: clock.now() }));
}

function effectsIn({ decision }: StoredRun): readonly Effect[] {
  return readDecision(decision)?.effects ?? [];
}

function detailsIn({ decision }: StoredRun): object {
  return typeof decision === "object" && decision !== null ? decision : {};
}

/** Applies effects one by one. A permanent refusal does not stop the others. */
class Applied implements Resumed {
  readonly results: EffectResult[] = [];
  readonly refused: string[] = [];
  readonly #context: JobContext;

  constructor(context: JobContext) {
    this.#context = context;
  }

  async apply(effect: Effect, revise?: Revise): Promise<EffectResult[]> {
    try {
      const results = await this.#context.effects().apply([effect], this.#context, revise);
      this.results.push(...results);
      return [...results];
    } catch (error) {
      const fate = fateOf(error, effect, this.#context);
      if (fate === null) throw error;
      this.refused.push(`${effect.kind} ${fate}: ${redact(messageOf(error))}`);
      return [];
    }
  }
}

function outcomeOf(waited: Resumed, broughtBack: Resumed): Outcome {
  const blocked = waited.results.filter(({ status }) => status === "blocked");
  const cancelled = waited.results.filter(({ status }) => status === "cancelled");
  const [first] = blocked;
  const parts = [
    `${waited.results.length + waited.refused.length} blocked effects checked`,
    ...(cancelled.length > 0 ? [`${cancelled.length} out of date`] : []),
    ...(first ? [`${blocked.length} wait: ${first.reason ?? "writes are paused"}`] : []),
    ...(broughtBack.results.length > 0 ? [`${broughtBack.results.length} permitted now`] : []),
    ...waited.refused,
    ...broughtBack.refused,
  ];
  const idle = blocked.length > 0 && blocked.length === waited.results.length + broughtBack.results.length;
  return { status: idle ? "skipped" : "done", reason: parts.join("; ") };
}
