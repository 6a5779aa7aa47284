import { afterAll, expect, test } from "vitest";
import { seededRandom } from "../../simulator/index.js";
import type { Sql } from "../../src/store/store.js";
import { withDatabase } from "../support/database.js";
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
 * `kill -9` at seeded points of a burst, then a start: every acknowledged delivery is processed, none twice visibly. What
 * was started again is what is killed next. One file for each kind of point, so that they run side by side.
 */
export async function killTests(point: Point): Promise<void> {
  const organisation = await startOrganisation();
  afterAll(() => organisation.github.close());
  const database = await withDatabase();
  test(`killed ${point}, at ${SEEDS_A_POINT} seeded points`, { timeout: 400_000 }, async () => {
    const task = taskFor(organisation, database.url);
    let app = await startApp(task);
    for (let seed = 0; seed < SEEDS_A_POINT; seed += 1) {
      const { numbers, since } = await killInBurst({ organisation, sql: database.store.sql, app, point, seed });
      app = await startApp(task);
      await expectSurvival({ organisation, sql: database.store.sql, numbers, since, seed });
    }
    await app.stop();
  });
}

/** Whether the app ended itself where it was told to, or did all there was to do without coming there. */
async function fateOf(app: AppChild, sql: Sql): Promise<"killed" | "never got there"> {
  const watch = new AbortController();
  const ended = app.gone.then(() => "killed" as const);
  const idle = untilFinished(sql, 30_000, watch.signal).then(() => "never got there" as const);
  return Promise.race([ended, idle]).finally(() => watch.abort());
}

interface Burst {
  readonly organisation: Organisation;
  readonly sql: Sql;
  readonly seed: number;
}

/** The issues of a burst in which the app was killed, and from where on GitHub's deliveries are of it. */
interface Killed {
  readonly numbers: readonly number[];
  readonly since: number;
}

async function killInBurst(burst: Burst & { readonly app: AppChild; readonly point: Point }): Promise<Killed> {
  const { organisation, sql, app, point, seed } = burst;
  const random = seededRandom(seed + 1_000 * point.length);
  const { control } = organisation.github;
  await control.run("webhook", { url: `${app.url}/api/github/webhooks` });
  const since = await attemptsSoFar(organisation);
  const nth = 1 + Math.floor(random() * (point === "afterCommit" ? 5 : 15));
  if (point !== "anywhere") await app.arm({ at: point, nth });
  const numbers = await openIssues(organisation, 1);
  if (point === "anywhere") await untilAcknowledged(organisation, since);
  const timer = point === "anywhere" ? setTimeout(app.kill, random() * 1_000) : undefined;
  numbers.push(...(await openIssues(organisation, BURST - 1)));
  await control.run("idle", {});
  expect(point === "anywhere" ? "killed" : await fateOf(app, sql), `seed ${seed}`).toBe("killed");
  app.kill();
  await app.gone;
  clearTimeout(timer);
  const unanswered = await storedUnanswered(organisation, sql, since);
  // After the commit is before the answer: there are rows that GitHub knows nothing of.
  expect(unanswered, `seed ${seed}`).toBeGreaterThanOrEqual(point === "afterCommit" ? 1 : 0);
  return { numbers, since };
}

async function expectSurvival({ organisation, sql, numbers, since, seed }: Burst & Killed): Promise<void> {
  await untilFinished(sql, 60_000);
  const outcome = await outcomeOf(organisation, sql, { numbers, since });
  expect(outcome.lost, `seed ${seed}`).toEqual([]);
  expect(outcome.failedJobs, `seed ${seed}`).toEqual([]);
  expect(
    Object.values(outcome.comments).filter((count) => count !== 1),
    `seed ${seed}`,
  ).toEqual([]);
  // The burst reached the app at all.
  expect(Object.keys(outcome.comments).length, `seed ${seed}`).toBeGreaterThan(0);
}
