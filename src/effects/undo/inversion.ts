import type { GraphqlDocument } from "../../github/graphql.js";
import type { Parameters } from "../../github/client.js";
import type { LedgerRow } from "../../store/effects/ledger.js";
import { type Effect, type EffectKind, type EffectOf, effectSchema } from "../effect.js";
import type { Attempt } from "../attempt.js";
import { isDone, isUndo } from "../history.js";

/** One call that takes something back. */
export type Act =
  | { readonly route: string; readonly parameters: Parameters }
  | { readonly mutation: GraphqlDocument; readonly variables: Parameters };

/** The plan of an undo, read from GitHub before any change. */
export interface Inversion {
  readonly acts: readonly Act[];
  /** The effects that stay, each with the reason. */
  readonly left: readonly string[];
  /** It no longer exists: an attempt whose answer was lost may have removed it. */
  readonly already?: boolean;
  /** The state of the target afterwards, as in `effects.github_id`; default: nothing. */
  readonly restored?: string;
}

/** Effects of one kind on one target to undo, oldest first. */
export interface TakenBack<K extends EffectKind = EffectKind> {
  /** Where GitHub has the repository now. */
  readonly where: { readonly owner: string; readonly repo: string };
  readonly done: readonly Done<K>[];
  /** The newest of them. */
  readonly last: Done<K>;
  readonly only: readonly string[] | null;
  /** The state before these effects, which would return. */
  readonly before: Done<K> | null;
  /** Later effects of the App, which stay. */
  readonly since: readonly Done<K>[];
}

export interface Done<K extends EffectKind = EffectKind> {
  readonly row: LedgerRow;
  readonly effect: EffectOf<K>;
}

/** Reads from GitHub which effects of one kind can be undone. Never writes. */
export type Inverse<K extends EffectKind> = (given: TakenBack<K>, attempt: Attempt) => Promise<Inversion>;

/** Nothing is done, and why. */
export function leave(...left: readonly string[]): Inversion {
  return { acts: [], left };
}

/** It already has the wanted state. */
export function already(reason: string): Inversion {
  return { acts: [], left: [reason], already: true };
}

/**
 * Splits a target's completed effects into those to undo and those that stay. Effects that were undone before are in
 * neither. Null: the ledger has no completed effect to undo.
 */
export function takenBackOf(effect: EffectOf<"undo">, rows: readonly LedgerRow[]): TakenBack | null {
  const wanted = new Set(effect.of);
  const gone = new Set(rows.filter((row) => isDone(row) && isUndo(row)).flatMap(wholeUndoOf));
  const standing = rows.filter((row) => isDone(row) && !isUndo(row)).flatMap(readable);
  const done = standing.filter(({ row }) => wanted.has(row.intent));
  const [first, last] = [done[0], done.at(-1)];
  if (!first || !last) return null;
  const others = standing.filter(({ row }) => !wanted.has(row.intent) && !gone.has(row.intent));
  const { owner, name: repo } = effect.repository;
  return {
    where: { owner, repo },
    done,
    last,
    only: effect.only,
    before: others.findLast(({ row }) => row.id < first.row.id) ?? null,
    since: others.filter(({ row }) => row.id > last.row.id),
  };
}

function readable(row: LedgerRow): readonly Done[] {
  const effect: Effect | undefined = effectSchema.safeParse(row.request).data;
  return effect ? [{ row, effect }] : [];
}

/** The effects that an undo removed completely. */
function wholeUndoOf({ request }: LedgerRow): readonly string[] {
  const effect = effectSchema.safeParse(request).data;
  return effect?.kind === "undo" && effect.only === null ? effect.of : [];
}
