import { setTimeout as delay } from "node:timers/promises";
import { afterAll, expect, test, vi } from "vitest";
import { startGitHub } from "../../simulator/index.js";
import { RECOVERY_RULES } from "../../src/jobs/recovery/rules.js";
import { requestRecovery } from "../../src/jobs/recovery/recovery-job.js";
import { requestSync } from "../../src/jobs/sync/request-sync.js";
import { createLog } from "../../src/log.js";
import type { Running } from "../../src/main.js";
import { summarizeDrift } from "../../src/store/drift/summary.js";
import { startBeside } from "../support/app.js";
import { withDatabase } from "../support/database.js";
import { differencesOf } from "../sync/compare.js";

/** An hour of GitHub's is 30 s here, and so is an hour of what paces us: 120 times as fast. */
const FASTER = 120;
const LINKED = 40;
const CHANGES = Number(process.env["RECOVERY_CHANGES"] ?? 400);

const github = await startGitHub({ limits: { hour: 30 } });
afterAll(() => github.close());
const database = await withDatabase();
const { sql } = database.store;
const { control, simulation } = github;
const { clock } = simulation;

function startApp(): Promise<Running> {
  return startBeside(github, database.url, {
    env: { DRY_RUN: "1" },
    log: createLog({ level: process.env["RECOVERY_LOG"] ?? "silent" }),
    clock,
    sweepMs: 500,
    recovery: { spacingMs: RECOVERY_RULES.spacingMs / FASTER },
  });
}

async function sweeps(): Promise<number> {
  const [row] = await sql.query("SELECT count(*)::int AS count FROM jobs WHERE name = 'recovery' AND status = 'done'");
  return Number(row?.["count"]);
}

const EVER = { since: new Date(0), installationId: null } as const;
const UNFINISHED = `
  SELECT 1 FROM deliveries WHERE status IN ('received', 'processing', 'retry')
  UNION ALL SELECT 1 FROM jobs WHERE status IN ('waiting', 'running') AND queue <> 'agents'`;

/** Until every delivery is processed and what it called for is stored. Reviews wait for quiet, and store nothing of GitHub's. */
async function finished(): Promise<void> {
  await control.run("idle", {});
  while ((await sql.query(UNFINISHED)).length > 0) await delay(100);
}

/** Pull requests that close issues, some of which were opened without: chance makes few. */
async function linkIssues(): Promise<void> {
  const repository = "acme/plans";
  await control.apply("createRepository", { repository });
  for (let n = 0; n < LINKED; n += 1) {
    const { number: issue } = await control.apply("openIssue", { repository, title: "To be done" });
    const body = `Fixes #${issue}`;
    const later = n % 2 === 0;
    const { number = 0 } = await control.apply("openPull", { repository, title: "Done", body: later ? "" : body });
    if (later) await control.apply("editPull", { repository, number, body });
  }
}

/** What the schedules ask for every five minutes: a sweep, and a sync, which alone tells of linked issues. */
async function fiveMinutes(installationId: bigint): Promise<void> {
  const before = await sweeps();
  await requestRecovery({ store: database.store, clock });
  while ((await sweeps()) === before) await delay(100);
  await finished();
  const sync = { installationId, mode: "incremental", subject: null, requestedBy: "schedule" } as const;
  await requestSync({ store: database.store, clock }, sync);
  await finished();
}

/** What GitHub's own records say of everything that it first tried from the given attempt on. */
function outcomes(since: number) {
  const attempts = simulation.deliveries.records.slice(since).filter(({ redelivery }) => !redelivery);
  const failed = attempts.filter(({ statusCode }) => statusCode === 502).length;
  return { failed, acknowledged: attempts.length - failed };
}

test("recovers hours of downtime within two passes", { timeout: 420_000 }, async () => {
  let app = await startApp();
  await control.run("webhook", { url: `${app.url}/api/github/webhooks` });
  for (const name of ["site", "shop", "docs"]) await control.apply("createRepository", { repository: `acme/${name}` });
  const { id: installation = 0 } = await control.apply("install", {});
  await control.run("random", { seed: 3, count: 100 });
  await finished();
  const attemptsBefore = simulation.deliveries.records.length;
  // Without anybody asking: by the schedule.
  await vi.waitFor(async () => expect(await sweeps()).toBeGreaterThan(0), { timeout: 60_000 });
  await app.close();

  await control.run("faults", { seed: 7, deliveryLost: 0.05, deliveryAcknowledgedThenLost: 0.02 });
  await control.run("random", { seed: 5, count: CHANGES / 2 });
  await linkIssues();
  await control.run("random", { seed: 6, count: CHANGES / 2 });
  await control.run("idle", {});
  await control.run("faults", {});
  const lost = outcomes(attemptsBefore);
  expect(lost.acknowledged).toBeGreaterThan(CHANGES / 100);

  // The same port would be luck: GitHub is told where the app is now.
  app = await startApp();
  await control.run("webhook", { url: `${app.url}/api/github/webhooks` });
  try {
    for (let period = 1; period <= 2; period += 1) await fiveMinutes(BigInt(installation));
    expect(await differencesOf(github, sql, BigInt(installation))).toEqual([]);
    const linked = await sql.query("SELECT DISTINCT pull_request_id FROM linked_issues");
    expect(linked.length).toBeGreaterThan(LINKED / 4);
    const ledger = await summarizeDrift(sql, EVER);
    expect(ledger).toMatchObject([
      { cause: "acknowledged-then-lost", lost: lost.acknowledged, healed_by_redelivery: lost.acknowledged, open: 0 },
      { cause: "not-delivered", lost: lost.failed, healed_by_redelivery: lost.failed, open: 0 },
    ]);
    await expectHealedWhenRepeated(attemptsBefore);
    await expectEachOnce(attemptsBefore);
    // The running app looks at its own health meanwhile.
    const checksOf = async (scope: string) => sql.query("SELECT state FROM health_checks WHERE scope = $1", [scope]);
    await vi.waitFor(async () => expect(await checksOf("app")).toHaveLength(8), { timeout: 60_000 });
    await vi.waitFor(async () => expect(await checksOf(String(installation))).toHaveLength(4), { timeout: 60_000 });
  } finally {
    await app.close();
  }
});

const SECOND = 1_000;

/** The ledger says of each loss when GitHub first tried, and when the repetition came: the time to heal is what lies between. */
async function expectHealedWhenRepeated(since: number): Promise<void> {
  const records = simulation.deliveries.records.slice(since);
  const repeated = new Map(records.filter(({ redelivery }) => redelivery).map((record) => [record.guid, record]));
  const took = new Map<string, number>();
  for (const { guid, redelivery, deliveredAt } of records)
    if (!redelivery) took.set(guid, (repeated.get(guid)?.deliveredAt.getTime() ?? NaN) - deliveredAt.getTime());
  const rows = await sql.query("SELECT guid, lost_at, healed_at FROM drift_ledger");
  expect(rows).toHaveLength(took.size);
  const wrong = rows.filter(({ guid, lost_at: lost, healed_at: healed }) => {
    const seconds = healed instanceof Date && lost instanceof Date ? healed.getTime() - lost.getTime() : NaN;
    return !(Math.abs(seconds - (took.get(String(guid)) ?? NaN)) < 5 * SECOND);
  });
  expect(wrong).toEqual([]);
  const longest = Math.max(...took.values()) / SECOND;
  for (const { median_seconds: median, longest_seconds: most } of await summarizeDrift(sql, EVER)) {
    expect(median).toBeGreaterThan(0);
    expect(most).toBeGreaterThanOrEqual(median ?? NaN);
    expect(most).toBeLessThan(longest + 5);
  }
}

/** Each loss was repeated once, nothing else was, and each delivery was begun once. */
async function expectEachOnce(since: number): Promise<void> {
  const records = simulation.deliveries.records.slice(since);
  const first = records.filter(({ redelivery }) => !redelivery).map(({ guid }) => guid);
  const again = records.filter(({ redelivery }) => redelivery).map(({ guid }) => guid);
  expect(again.toSorted()).toEqual(first.toSorted());
  expect(await sql.query("SELECT guid FROM deliveries WHERE attempts <> 1 OR redeliveries <> 0")).toEqual([]);
  expect(await sql.query("SELECT status FROM deliveries WHERE status NOT IN ('processed', 'skipped')")).toEqual([]);
}
