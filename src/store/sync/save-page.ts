import type { Fact } from "../../facts/fact.js";
import { applyFacts } from "../facts/apply.js";
import type { Store } from "../store.js";
import { type Absence, buryAbsent } from "./absence.js";
import { type ChecksState, storeChecks } from "./checks.js";
import { addCursors, type Advance, advanceCursor, type CursorOwner, type NewCursor } from "./cursors.js";
import { followLabelNames } from "./label-names.js";
import { type PullRequestExtras, storePullRequestExtras } from "./pull-request-extras.js";
import { countRun } from "./runs.js";
import { SupersededError } from "./superseded.js";

/** A page that was read, with everything that its storing changes. */
export interface PageToSave {
  readonly run: CursorOwner & { readonly runner: string };
  readonly facts: readonly Fact[];
  readonly extras: readonly PullRequestExtras[];
  readonly checks: readonly ChecksState[];
  /** A repository whose labels these are; else null. */
  readonly labelsOf: number | null;
  readonly absences: readonly Absence[];
  readonly found: readonly NewCursor[];
  /** What it cost to read. */
  readonly points: number;
  readonly requests: number;
  readonly observedAt: Date;
  readonly now: Date;
  /** What becomes of the cursor, once it is known how many rows were new. */
  advance(written: number): Advance;
}

export interface SavedPage {
  readonly written: number;
  readonly unchanged: number;
}

/** They are on nearly every page: no measure of what was new. */
const SURROUNDINGS: ReadonlySet<Fact["entity"]> = new Set(["user", "label", "repository_access"]);

/**
 * Stores a page, its cursor and its counts in one transaction: a page is either synced or not read.
 * @throws SupersededError when another runner has the run by now.
 */
export function savePage(store: Store, page: PageToSave): Promise<SavedPage> {
  const { run, observedAt, now } = page;
  return store.transaction(async (sql) => {
    const scope = { installationId: run.installationId, now };
    const applied = await applyFacts(sql, page.facts, scope);
    await storePullRequestExtras(sql, page.extras, { installationId: run.installationId, observedAt });
    await storeChecks(sql, page.checks, observedAt);
    let written = page.labelsOf === null ? 0 : await followLabelNames(sql, page.labelsOf);
    for (const absence of page.absences) written += await buryAbsent(sql, absence, observedAt);
    let unchanged = 0;
    for (const { fact, result } of applied) {
      if (SURROUNDINGS.has(fact.entity)) continue;
      if (result === "inserted" || result === "updated") written += 1;
      else unchanged += 1;
    }
    await addCursors(sql, run, page.found);
    await advanceCursor(sql, run.id, page.advance(written));
    const { points, requests } = page;
    // Last, as every worker of the run wants this row.
    const ours = await countRun(sql, run.id, run.runner, now, { pages: 1, written, unchanged, points, requests });
    if (!ours) throw new SupersededError(run.id);
    return { written, unchanged };
  });
}
