import { z } from "zod";
import { effectSchema, REPLACING_KINDS, type Effect } from "./effect.js";
import type { LedgerRow } from "../store/effects/ledger.js";
import type { Standing } from "./attempt.js";

/** The ledger's knowledge about a target before an attempt. */
export interface History {
  /** A later decision has already been written. */
  readonly superseded: boolean;
  readonly standing: Standing | null;
  readonly unsureSince: Date | null;
}

export function historyOf(effect: Effect, own: LedgerRow, isNew: boolean, others: readonly LedgerRow[]): History {
  const stands = others.filter((row) => isDone(row));
  const takenBack = stands.findLast(isUndo)?.id ?? 0n;
  const unsure = [...others, ...(isNew ? [] : [own])]
    .filter(mayHaveReachedGitHub)
    .map((row) => row.createdAt.getTime());
  return {
    superseded: REPLACING_KINDS.has(effect.kind) && stands.some((row) => row.id > own.id),
    standing:
      stands
        .filter((row) => row.id < own.id && row.id >= takenBack)
        .map(standingOf)
        .findLast((standing) => standing !== null) ?? null,
    unsureSince: unsure.length > 0 ? new Date(Math.min(...unsure)) : null,
  };
}

export function isDone(row: LedgerRow): boolean {
  return row.status === "done" || row.status === "adopted";
}

/** Blocked and cancelled rows have an error kind if they were attempted before. */
export function mayHaveReachedGitHub(row: LedgerRow): boolean {
  if (row.status === "intended" || row.status === "failed") return true;
  return (row.status === "blocked" || row.status === "cancelled") && row.errorKind !== null;
}

/** Whether a row undoes other effects. */
export function isUndo({ request }: LedgerRow): boolean {
  return z.object({ kind: z.literal("undo") }).safeParse(request).success;
}

function standingOf(row: LedgerRow): Standing | null {
  if (row.githubId === null) return null;
  return { githubId: row.githubId, url: row.githubUrl, effect: effectSchema.safeParse(row.request).data ?? null };
}
