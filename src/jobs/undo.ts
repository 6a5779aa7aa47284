import { z } from "zod";
import type { Deferral, Outcome } from "../domain.js";
import { GoneError, kindOf } from "../errors.js";
import { id } from "../facts/scalars.js";
import { effectSchema, type EffectOf } from "../effects/effect.js";
import { intentOf } from "../effects/intent.js";
import { irreversible } from "../effects/undo/perform.js";
import type { EffectContext, EffectWriter } from "../effects/writer.js";
import { planJobs } from "../store/jobs/plan-jobs.js";
import type { JobWakeUp } from "../store/jobs/wake-up.js";
import {
  decisionOfRun,
  partOf,
  targetsToUndo,
  undoneOn,
  type UndoSelection,
  type UndoTarget,
} from "../store/effects/undo.js";
import type { Sql, Store } from "../store/store.js";
import { defineJob, planOf, registryOf } from "./define-job.js";

/** The selection of effects to undo; all given conditions must match. */
export const undoRequest = z.object({
  installationId: id,
  /** The time of the request: later effects of the app stay. */
  until: z.iso.datetime(),
  since: z.iso.datetime().nullable().default(null),
  runId: z.string().nullable().default(null),
  label: z.string().nullable().default(null),
  rule: z.string().nullable().default(null),
  repositoryId: id.nullable().default(null),
  number: z.int().nullable().default(null),
  /** Who asked. */
  by: z.string(),
});
export type UndoRequest = z.output<typeof undoRequest>;

/** Each takes one to three reads and mostly one write: well below GitHub's 900 points a minute, of which a write costs 5. */
const TARGETS_A_MINUTE = 60;
const MINUTE_MS = 60_000;

/** Undoes the selected effects of the ledger, for a minute at a time, until none is left. */
export const undoJob = defineJob({
  name: "undo",
  queue: "agents",
  class: "sync",
  payload: undoRequest,
  attempts: 8,
  key: occasionOf,
  async run(request, { store, effects, jobId, deliveryGuid, clock, signal }): Promise<Outcome | Deferral> {
    const began = clock.now().getTime();
    const context = { jobId, deliveryGuid };
    const done = await undoSome({ store, writer: effects(), context, signal }, request, TARGETS_A_MINUTE);
    const said = await summaryOf(store.sql, request);
    if (done < TARGETS_A_MINUTE) return { status: "done", reason: said };
    const at = new Date(began + MINUTE_MS);
    return { status: "later", at, reason: `${said}; continues at ${TARGETS_A_MINUTE} targets a minute` };
  },
});

/** Distinguishes undos: the same effects can be checked again on another occasion. */
export function occasionOf(request: UndoRequest): string {
  const { until, since, runId, label, rule, repositoryId, number, installationId } = request;
  const parts = { since, run: runId, label, rule, repository: repositoryId, number };
  const given = Object.entries(parts).flatMap(([name, value]) => (value === null ? [] : [`${name} ${value}`]));
  return [`undo ${until} ${installationId}`, ...given].join(", ");
}

/** @throws GoneError when the run is not stored. */
export async function selectionOf(sql: Sql, request: UndoRequest): Promise<UndoSelection> {
  const { runId, installationId, until, since, label, rule, repositoryId, number } = request;
  return {
    installationId: BigInt(installationId),
    until: new Date(until),
    since: since === null ? null : new Date(since),
    intents: runId === null ? null : await intentsOfRun(sql, BigInt(runId)),
    label,
    rule,
    repositoryId: repositoryId === null ? null : BigInt(repositoryId),
    number,
  };
}

const Decision = z.object({ effects: z.array(z.unknown()).catch([]) }).catch({ effects: [] });

async function intentsOfRun(sql: Sql, runId: bigint): Promise<readonly string[]> {
  const run = await decisionOfRun(sql, runId);
  if (run === null) throw new GoneError(`No run ${runId} is stored.`);
  return Decision.parse(run.decision).effects.flatMap((each) => {
    const effect = effectSchema.safeParse(each).data;
    return effect ? [intentOf(effect)] : [];
  });
}

export function undoOf(target: UndoTarget, selection: UndoSelection, request: UndoRequest): EffectOf<"undo"> {
  const { repositoryId, owner, name, intents } = target;
  return {
    kind: "undo",
    repository: { id: repositoryId, owner, name },
    occasion: occasionOf(request),
    reason: `${request.by} asked to take it back`,
    target: target.target,
    of: intents,
    only: partOf(selection),
  };
}

export interface Undoing {
  readonly store: Store;
  readonly writer: EffectWriter;
  readonly context: EffectContext;
  readonly signal: AbortSignal;
}

/**
 * Undoes the effects on the next targets. A permanent refusal by GitHub does not stop the others.
 * @returns how many targets were checked.
 * @throws temporary failures; a later call continues there.
 */
export async function undoSome(
  { store, writer, context, signal }: Undoing,
  request: UndoRequest,
  most: number,
): Promise<number> {
  const selection = await selectionOf(store.sql, request);
  const targets = await targetsToUndo(store.sql, selection, occasionOf(request), most);
  for (const target of targets) {
    signal.throwIfAborted();
    await writer.apply([undoOf(target, selection, request)], context).catch((error: unknown) => {
      const kind = kindOf(error);
      if (kind !== "gone" && kind !== "invalid" && kind !== "forbidden") throw error;
    });
  }
  return targets.length;
}

async function summaryOf(sql: Sql, request: UndoRequest): Promise<string> {
  const selection = { installationId: BigInt(request.installationId), until: new Date(request.until) };
  const counts = await undoneOn(sql, selection, occasionOf(request));
  const sum = (...statuses: readonly string[]) =>
    counts.filter(({ status }) => statuses.includes(status)).reduce((total, { effects }) => total + effects, 0);
  const parts = [
    `${sum("done", "adopted")} effects taken back`,
    `${sum("cancelled")} left: people or later effects changed them, or nothing can take them back`,
    `${sum("failed")} refused by GitHub`,
    `${sum("blocked")} wait: writes are paused`,
    `${sum("dry-run")} not written: dry run`,
  ];
  return parts.filter((part, index) => index === 0 || !part.startsWith("0 ")).join("; ");
}

/** Plans the job of an undo. @returns what to wake. */
export async function requestUndo(store: Store, request: UndoRequest, now: Date): Promise<readonly JobWakeUp[]> {
  const plan = planOf(registryOf([undoJob]), { name: undoJob.name, payload: request });
  const origin = { installationId: BigInt(request.installationId), deliveryGuid: null, traceId: null, now };
  return (await planJobs(store.sql, [plan], origin)).map(({ wakeUp }) => wakeUp);
}

const MOST_SHOWN = 10_000;

export interface UndoPreview {
  readonly selection: UndoSelection;
  readonly targets: readonly UndoTarget[];
  /** How many effects there are of each kind, and why nothing takes them back; null: something does. */
  readonly kinds: readonly { readonly kind: string; readonly effects: number; readonly irreversible: string | null }[];
}

/** The ledger's effects of a selection. GitHub shows whether they are still unchanged. */
export async function previewUndo(sql: Sql, request: UndoRequest): Promise<UndoPreview> {
  const selection = await selectionOf(sql, request);
  const targets = await targetsToUndo(sql, selection, occasionOf(request), MOST_SHOWN);
  const kinds = new Map<string, number>();
  for (const { kind, intents } of targets) kinds.set(kind, (kinds.get(kind) ?? 0) + intents.length);
  return {
    selection,
    targets,
    kinds: [...kinds].map(([kind, effects]) => ({ kind, effects, irreversible: irreversible(kind) })),
  };
}
