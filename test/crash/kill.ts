import { afterAll, expect, test } from "vitest";
import { seededRandom } from "../../demo/github/index.js";
import type { Sql } from "../../src/store/store.js";
import { createDatabase } from "../support/database.js";
import { type AppChild, startApp } from "./app-child.js";
import {
  attemptsSoFar,
  openIssues,
  type Organisation,
  outcomeOf,
  startOrganisation,
  storedUnanswered,
  taskFor,
  untilAcknowledged,
  untilFinished,
} from "./setting.js";

export type Point = "afterCommit" | "afterIntent" | "afterCall" | "anywhere";

/** With the four points, twenty in all. */
const SEEDS_A_POINT = 5;
const BURST = 25;

/**
 * `kill -9` at seeded points of a burst, then a start: every acknowledged delivery is processed, none twice visibly.
 * One file for each kind of point, so that they run side by side.
 */
export async function killTests(point: Point): Promise<void> {
  const organisation = await startOrganisation();
  afterAll(() => organisation.github.close());
  const seeds = Array.from({ length: SEEDS_A_POINT }, (_, seed) => seed);
  test.each(seeds)(`killed ${point}, seed %i`, { timeout: 120_000 }, (seed) =>
    expectSurvival(organisation, point, seed),
  );
}

/** Whether the app ended itself where it was told to, or did all there was to do without coming there. */
async function fateOf(app: AppChild, sql: Sql): Promise<"killed" | "never got there"> {
  const watch = new AbortController();
  const ended = app.gone.then(() => "killed" as const);
  const idle = untilFinished(sql, 30_000, watch.signal).then(() => "never got there" as const);
  return Promise.race([ended, idle]).finally(() => watch.abort());
}

async function expectSurvival(organisation: Organisation, point: Point, seed: number): Promise<void> {
  const random = seededRandom(seed + 1_000 * point.length);
  const database = await createDatabase();
  try {
    const { control } = organisation.github;
    const since = await attemptsSoFar(organisation);
    const nth = 1 + Math.floor(random() * (point === "afterCommit" ? 5 : 15));
    const task = taskFor(organisation, database.url);
    const first = await startApp({ ...task, die: point === "anywhere" ? null : { at: point, nth } });
    await control.run("webhook", { url: `${first.url}/api/github/webhooks` });
    const numbers = await openIssues(organisation, 1);
    if (point === "anywhere") await untilAcknowledged(organisation, since);
    const timer = point === "anywhere" ? setTimeout(first.kill, random() * 1_000) : undefined;
    numbers.push(...(await openIssues(organisation, BURST - 1)));
    await control.run("idle", {});
    const fate = point === "anywhere" ? "killed" : await fateOf(first, database.store.sql);
    expect(fate).toBe("killed");
    first.kill();
    await first.gone;
    clearTimeout(timer);
    const unanswered = await storedUnanswered(organisation, database.store.sql, since);
    // After the commit is before the answer: there are rows that GitHub knows nothing of.
    expect(unanswered).toBeGreaterThanOrEqual(point === "afterCommit" ? 1 : 0);

    const second = await startApp(task);
    await untilFinished(database.store.sql, 60_000);
    await second.stop();
    const outcome = await outcomeOf(organisation, database.store.sql, { numbers, since });
    expect(outcome.lost).toEqual([]);
    expect(outcome.failedJobs).toBe(0);
    expect(Object.values(outcome.comments).filter((count) => count !== 1)).toEqual([]);
    // The burst reached the app at all.
    expect(Object.keys(outcome.comments).length).toBeGreaterThan(0);
  } finally {
    await database.drop();
  }
}
