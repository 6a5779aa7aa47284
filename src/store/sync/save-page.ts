import type { Fact } from "../../facts/fact.js";
import { applyFacts } from "../facts/apply.js";
import type { Store } from "../store.js";
import { type Absence, markAbsentDeleted } from "./absence.js";
import { type ChecksState, storeChecks } from "./checks.js";
import { addCursors, type Advance, advanceCursor, type CursorOwner, type NewCursor } from "./cursors.js";
import { followLabelNames } from "./label-names.js";
import { type PullRequestExtras, storePullRequestExtras } from "./pull-request-extras.js";
import { countRun } from "./runs.js";
import { SupersededError } from "./superseded.js";

/** A page that was read, with all changes of storing it. */
export interface PageToSave {
  readonly run: CursorOwner & { readonly runner: string };
  readonly facts: readonly Fact[];
  readonly extras: readonly PullRequestExtras[];
  readonly checks: readonly ChecksState[];
  /** The repository of the labels on the page; else null. */
  readonly labelsOf: number | null;
  readonly absences: readonly Absence[];
  readonly found: readonly NewCursor[];
  /** The cost of reading it. */
  readonly points: number;
  readonly requests: number;
  readonly observedAt: Date;
  readonly now: Date;
  /** The new state of the cursor, which depends on how many rows were new. */
  advance(written: number): Advance;
}

export interface SavedPage {
  readonly written: number;
  readonly unchanged: number;
}

/** People and repositories are on nearly every page, so they do not count as new rows. */
const SURROUNDINGS: ReadonlySet<Fact["entity"]> = new Set(["user", "label", "repository_access"]);

/**
 * Stores a page, its cursor and its counts in one transaction.
 * @throws SupersededError when another runner has taken the run over.
 */
export function savePage(store: Store, page: PageToSave): Promise<SavedPage> {
  const { run, observedAt, now } = page;
  return store.transaction(async (sql) => {
    const scope = { installationId: run.installationId, now };
    const applied = await applyFacts(sql, page.facts, scope);
    await storePullRequestExtras(sql, page.extras, { installationId: run.installationId, observedAt });
    await storeChecks(sql, page.checks, observedAt);
    let written = page.labelsOf === null ? 0 : await followLabelNames(sql, page.labelsOf);
    for (const absence of page.absences) written += await markAbsentDeleted(sql, absence, observedAt);
    let unchanged = 0;
    for (const { fact, result } of applied) {
      if (SURROUNDINGS.has(fact.entity)) continue;
      if (result === "inserted" || result === "updated") written += 1;
      else unchanged += 1;
    }
    await addCursors(sql, run, page.found);
    await advanceCursor(sql, run.id, page.advance(written));
    const { points, requests } = page;
    // Last, because every worker of the run locks this row.
    const ours = await countRun(sql, run.id, run.runner, now, { pages: 1, written, unchanged, points, requests });
    if (!ours) throw new SupersededError(run.id);
    return { written, unchanged };
  });
}
