import { InvalidError } from "../../errors.js";
import type { CursorRow } from "../../store/sync/cursors.js";
import { NO_REPOSITORY } from "../../store/sync/cursors.js";
import { type VisibleRepository, visibleRepository } from "../../store/sync/repositories.js";
import { countRun } from "../../store/sync/runs.js";
import { savePage } from "../../store/sync/save-page.js";
import { budgetedClient, type Spent } from "../budget/budgeted-client.js";
import type { Page, Reading, Unit } from "../entity.js";
import { ExcludedError } from "../excluded.js";
import { syncedOf } from "../visible.js";
import type { ActiveRun } from "./active-run.js";
import { classOf } from "./class-of.js";
import { unitNamed } from "./units.js";

/** Reads the next page of a cursor and stores it. If it throws, it stores only the cost. */
export async function step(run: ActiveRun, cursor: CursorRow): Promise<void> {
  const unit = unitNamed(cursor.entity);
  if (!unit) throw new InvalidError(`this version does not sync ${cursor.entity}`);
  const spent: Spent = { points: 0, requests: 0 };
  try {
    const { page, observedAt } = await readPage(run, unit, cursor, spent);
    await save(run, unit, cursor, { page, observedAt, spent });
  } catch (error) {
    const { store, clock } = run.options;
    const cost = { pages: 0, written: 0, unchanged: 0, ...spent };
    if (spent.requests > 0) await countRun(store.sql, run.id, run.runner, clock.now(), cost);
    throw error;
  }
}

/** Reads a page, and a smaller one if GitHub cannot deliver the larger. */
async function readPage(run: ActiveRun, unit: Unit, cursor: CursorRow, spent: Spent) {
  const { budget, client, clock, store } = run.options;
  const { installationId, account, mode, subject, signal } = run;
  const size = run.sizeOf(unit.name, unit.largestPage);
  const row = await repositoryOf(run, cursor);
  const calls = { installationId, budget, class: classOf(run, cursor), signal, spent };
  const budgeted = budgetedClient(client(installationId), calls);
  for (;;) {
    signal.throwIfAborted();
    const pageSize = unit.adaptive ? size.current : unit.largestPage;
    const reading: Reading = {
      client: budgeted,
      sql: store.sql,
      installationId,
      account,
      allows: run.allows,
      repository: row && syncedOf(row),
      cursor,
      mode,
      subject,
      pageSize,
      sizeOf: run.sizeOf,
      observedAt: clock.now(),
    };
    try {
      const page = await unit.read(reading);
      size.answered(pageSize);
      return { page, observedAt: reading.observedAt };
    } catch (error) {
      if (!unit.adaptive || !size.failed(pageSize, error)) throw error;
    }
  }
}

/**
 * The row of a cursor's repository; null for an account's own list.
 * @throws ExcludedError when the App lost access to it, or the allow or deny list excludes it.
 */
async function repositoryOf(run: ActiveRun, { repository_id: id }: CursorRow): Promise<VisibleRepository | null> {
  if (id === NO_REPOSITORY) return null;
  const row = await visibleRepository(run.options.store.sql, run.installationId, id);
  if (!row) throw new ExcludedError("the repository was deleted, or the App lost access to it");
  if (!run.allows(row.full_name)) throw new ExcludedError(`${row.full_name} is excluded by the allow or deny list`);
  return row;
}

async function save(
  run: ActiveRun,
  unit: Unit,
  cursor: CursorRow,
  read: { readonly page: Page; readonly observedAt: Date; readonly spent: Spent },
): Promise<void> {
  const { page, observedAt, spent } = read;
  const { store, clock } = run.options;
  await savePage(store, {
    run,
    facts: page.facts,
    extras: page.extras ?? [],
    checks: page.checks ?? [],
    labelsOf: page.labelsOf ?? null,
    absences: page.absences ?? [],
    found: page.found ?? [],
    points: spent.points,
    requests: spent.requests,
    observedAt,
    now: clock.now(),
    advance: (written) => {
      const done = page.next === null || isEnough(unit, cursor, page, written);
      return {
        repositoryId: cursor.repository_id,
        entity: cursor.entity,
        next: done ? null : page.next,
        done,
        rows: page.rows,
        total: lengthOf(unit, cursor, page),
        startedAt: observedAt,
        mark: page.mark ?? null,
      };
    },
  });
}

/**
 * The number of rows that this reading will bring; null when GitHub's total includes more than is read, for example
 * when the list stops at unchanged items.
 */
export function lengthOf(
  { stops }: Pick<Unit, "stops">,
  { since, pages, cursor, total }: Pick<CursorRow, "since" | "pages" | "cursor" | "total">,
  page: Pick<Page, "total">,
): number | null {
  const stopsEarly = since !== null && stops !== "never";
  const wentOn = pages === 0 ? cursor !== null : total === null;
  return stopsEarly || wentOn ? null : page.total;
}

/** Whether a reading for changes only has reached its end. */
function isEnough(unit: Unit, { since }: CursorRow, page: Page, written: number): boolean {
  if (since === null) return false;
  if (unit.stops === "older")
    return page.oldest !== null && page.oldest !== undefined && page.oldest < since.toISOString();
  return unit.stops === "unchanged" && written === 0;
}
