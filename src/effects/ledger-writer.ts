import { redact } from "../log.js";
import { type Tracing, UNTRACED } from "../telemetry/tracing.js";
import pLimit from "p-limit";
import { type Effect, type EffectKind, MOMENTARY_KINDS, targetOf } from "./effect.js";
import { kindOf, messageOf } from "../errors.js";
import {
  effectsOnTarget,
  recordEnding,
  recordIntent,
  reopen,
  type Ending,
  type Intent,
  type LedgerRow,
} from "../store/effects/ledger.js";
import { exclusively } from "../store/effects/lock.js";
import { writeStop } from "../store/effects/switch.js";
import type { Sql, Store } from "../store/store.js";
import type { GitHubClient } from "../github/client.js";
import type { Performed } from "./attempt.js";
import type { AppIdentity } from "./author.js";
import { historyOf, isDone, type History } from "./history.js";
import { canonicalJson, intentOf } from "./intent.js";
import { perform } from "./perform.js";
import { inTurn } from "./turn.js";
import type { EffectContext, EffectResult, EffectWriter, Revise } from "./writer.js";

export interface LedgerOptions {
  readonly store: Store;
  /** The client of an installation and the author of its writes. A `Gateway` fits. */
  readonly github: { client(installationId: bigint): GitHubClient; identity(): Promise<AppIdentity> };
  readonly tracing?: Tracing;
  /** The address of the dashboard; checks and comments link to their stories there. */
  readonly publicUrl?: string | undefined;
  /** Points at which a test ends the process. An error thrown here ends the attempt like a crash. */
  readonly hooks?: LedgerHooks;
}

export interface LedgerHooks {
  afterIntent?(effect: Effect): void | Promise<void>;
  afterCall?(effect: Effect): void | Promise<void>;
}

/**
 * Creates the writers of all installations. Create it once in a process: the writers share the connections that may
 * wait for GitHub.
 */
export interface EffectLedger {
  writer(installationId: bigint): EffectWriter;
}

export function createEffectLedger(options: LedgerOptions): EffectLedger {
  // Each call to GitHub holds a connection; half of the pool stays free for other work.
  const slots = pLimit(Math.max(1, Math.floor(options.store.pool.options.max / 2)));
  return {
    writer: (installationId) => ({
      apply: (effects, context, revise) =>
        inTurn(effects, (effect) => slots(() => applyOne(options, { effect, installationId, context, revise }))),
    }),
  };
}

interface Wanted {
  readonly effect: Effect;
  readonly installationId: bigint;
  readonly context: EffectContext;
  readonly revise: Revise | undefined;
}

/** Applies one effect under a lock that all processes share: intent row, call, result. */
async function applyOne(options: LedgerOptions, wanted: Wanted): Promise<EffectResult> {
  const { effect: given, installationId, context, revise } = wanted;
  return exclusively(options.store, `effect ${given.repository.id} ${targetOf(given)}`, async (sql) => {
    const revised = revise ? await revise(given, sql) : given;
    const outdated = "outdated" in revised ? revised.outdated : null;
    const effect = "outdated" in revised ? given : revised;
    const entry = entryOf(effect, installationId, context);
    const { row, isNew } = await recordIntent(sql, entry);
    await options.hooks?.afterIntent?.(effect);
    if (isDone(row)) {
      const { status, githubId, githubUrl: url } = row;
      return { effect, intent: entry.intent, status, change: null, githubId, url, reason: "it was done before" };
    }
    const history = historyOf(effect, row, isNew, await othersOnTarget(sql, entry));
    const end = async (ending: Ending, change: EffectResult["change"] = null): Promise<EffectResult> => {
      await recordEnding(sql, row.id, ending);
      const { status, githubId = null, url = null, error: reason = null } = ending;
      return { effect, intent: entry.intent, status, change, githubId, url, reason };
    };
    const stop = await stopOf(sql, entry, { ...history, outdated, kind: effect.kind });
    if (stop) return end(stop);
    if (!isNew) await reopen(sql, row.id, entry);
    const { tracing = UNTRACED } = options;
    const attributes = { "companyos.intent": entry.intent, "companyos.target": entry.target };
    const work = (): Promise<Performed> => call(options, entry, effect, { history, sql });
    const performed = await tracing
      .span(`effect ${effect.kind}`, { attributes }, work)
      .catch(async (error: unknown) => {
        await recordEnding(sql, row.id, {
          status: "failed",
          errorKind: kindOf(error),
          error: redact(messageOf(error)),
        });
        throw error;
      });
    await options.hooks?.afterCall?.(effect);
    if ("skipped" in performed) return end({ status: "cancelled", error: performed.skipped });
    const { adopted, change, githubId, url, note } = performed;
    const ended = await end(
      { status: adopted ? "adopted" : "done", githubId, url, ...(note && { error: note }) },
      change,
    );
    return note === undefined ? ended : { ...ended, note };
  });
}

/** The reason not to call GitHub now; null: call it. */
async function stopOf(
  sql: Sql,
  entry: Intent,
  { kind, outdated, ...history }: History & { readonly kind: EffectKind; readonly outdated: string | null },
): Promise<Ending | null> {
  const triedBefore = history.unsureSince ? "unknown" : null;
  if (outdated !== null) return { status: "cancelled", errorKind: triedBefore, error: outdated };
  if (history.superseded) return { status: "cancelled", errorKind: triedBefore, error: "a later effect replaced it" };
  const stop = await writeStop(sql, entry.installationId, entry.repositoryId);
  if (stop === null) return null;
  const status = MOMENTARY_KINDS.has(kind) ? "cancelled" : stop.status;
  return { status, errorKind: triedBefore, error: stop.reason };
}

async function othersOnTarget(sql: Sql, { repositoryId, target, intent }: Intent): Promise<readonly LedgerRow[]> {
  return (await effectsOnTarget(sql, repositoryId, target)).filter((row) => row.intent !== intent);
}

function call(
  options: LedgerOptions,
  entry: Intent,
  effect: Effect,
  { history, sql }: { readonly history: History; readonly sql: Sql },
): Promise<Performed> {
  return perform(effect, {
    intent: entry.intent,
    target: entry.target,
    github: options.github.client(entry.installationId),
    identity: () => options.github.identity(),
    standing: history.standing,
    unsureSince: history.unsureSince,
    onTarget: (target) => effectsOnTarget(sql, entry.repositoryId, target),
    storyUrl: storyUrlOf(options.publicUrl, effect),
  });
}

/** The story of the effect's subject: a check names its commit, every other effect its number. */
export function storyUrlOf(publicUrl: string | undefined, effect: Effect): string | null {
  if (publicUrl === undefined) return null;
  const { owner, name } = effect.repository;
  if (effect.kind === "check-run") return new URL(`/find?q=${effect.headSha}`, publicUrl).href;
  return "issue" in effect ? new URL(`/story/${owner}/${name}/${effect.issue}`, publicUrl).href : null;
}

/** The row with the intent, written before any call. */
export function entryOf(effect: Effect, installationId: bigint, context: EffectContext): Intent {
  return {
    intent: intentOf(effect),
    installationId,
    repositoryId: effect.repository.id,
    jobId: context.jobId,
    deliveryGuid: context.deliveryGuid,
    kind: effect.kind,
    target: targetOf(effect),
    request: canonicalJson(effect),
    reason: effect.reason,
  };
}
