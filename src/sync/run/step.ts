import { InvalidError } from "../../errors.js";
import type { CursorRow } from "../../store/sync/cursors.js";
import { NO_REPOSITORY } from "../../store/sync/cursors.js";
import { visibleRepository } from "../../store/sync/repositories.js";
import { countRun } from "../../store/sync/runs.js";
import { savePage } from "../../store/sync/save-page.js";
import { budgetedClient, type Spent } from "../budget/budgeted-client.js";
import type { Page, Reading, Unit } from "../entity.js";
import { syncedOf } from "../visible.js";
import type { ActiveRun } from "./active-run.js";
import { classOf } from "./class-of.js";
import { unitNamed } from "./units.js";

/** Reads the next page of a cursor and stores it, or throws and stores nothing but what it cost. */
export async function step(run: ActiveRun, cursor: CursorRow): Promise<void> {
  const unit = unitNamed(cursor.entity);
  if (!unit) throw new InvalidError(`there is no ${cursor.entity} in this version`);
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

/** Reads a page, a smaller one when GitHub cannot give the larger. */
async function readPage(run: ActiveRun, unit: Unit, cursor: CursorRow, spent: Spent) {
  const { budget, client, clock, store } = run.options;
  const { installationId, account, mode, subject, signal } = run;
  const size = run.sizeOf(unit.name);
  const row =
    cursor.repository_id === NO_REPOSITORY
      ? null
      : await visibleRepository(store.sql, installationId, cursor.repository_id);
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
        total: page.total,
        startedAt: observedAt,
        mark: page.mark ?? null,
      };
    },
  });
}

/** Whether a reading that only wants what changed has all of it. */
function isEnough(unit: Unit, { since }: CursorRow, page: Page, written: number): boolean {
  if (since === null) return false;
  if (unit.stops === "older")
    return page.oldest !== null && page.oldest !== undefined && page.oldest < since.toISOString();
  return unit.stops === "unchanged" && written === 0;
}
