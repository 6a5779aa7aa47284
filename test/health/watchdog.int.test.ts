import { afterEach, describe, expect, test, vi } from "vitest";
import { startGitHub } from "../../simulator/index.js";
import { ALERT_POLICY } from "../../src/health/alerts/policy.js";
import { levelOf } from "../../src/health/level.js";
import { requestHealthPass } from "../../src/jobs/health/health-job.js";
import { watchWorkers } from "../../src/jobs/health/watch-workers.js";
import { openAlerts } from "../../src/store/alerts/list-alerts.js";
import { readChecks, storeStanding } from "../../src/store/health/standings.js";
import { startReceiver } from "../alerts/receiver.js";
import { MINUTE, StillClock } from "../alerts/setting.js";
import { untilFinished } from "../crash/setting.js";
import { startBeside } from "../support/app.js";
import { withDatabase } from "../support/database.js";
import { valueOf } from "../support/prometheus.js";

const { store, url: databaseUrl } = await withDatabase();
const KEY = "health/app/workers";
const PERIOD = 5 * MINUTE;

afterEach(async () => {
  await store.sql.query("TRUNCATE alerts, alert_notices, health_checks, jobs");
});

/** A worker looked then. */
const looked = (checkedAt: Date) =>
  storeStanding(store.sql, null, "queue", {
    level: levelOf(0),
    since: checkedAt,
    reason: "no job is due",
    remedy: null,
    value: null,
    pending: null,
    unread: null,
    checkedAt,
  });
const open = async () => (await openAlerts(store.sql)).map(({ key, occurrences }) => [key, occurrences]);

describe("checks by a process without workers", () => {
  const watching = (clock: StillClock, up: number) =>
    watchWorkers({ store, clock, policy: ALERT_POLICY, periodMs: PERIOD, since: new Date(clock.now().getTime() - up) });

  test.each([
    ["a pass within three periods", 60 * MINUTE, 15 * MINUTE, false],
    ["none for longer", 60 * MINUTE, 15 * MINUTE + 1, true],
    ["none for days, and both have just been started", 4 * MINUTE, 3_000 * MINUTE, false],
    ["none ever, for as long", 15 * MINUTE + 1, null, true],
    ["none yet", 15 * MINUTE, null, false],
  ])("%s", async (_what, up, ago, deserted) => {
    const clock = new StillClock();
    if (ago !== null) await looked(new Date(clock.now().getTime() - ago));
    expect(await watching(clock, up)).toBe(deserted);
    expect(await open()).toEqual(deserted ? [[KEY, 1]] : []);
  });

  test("is reported once while it lasts, and does not count as a health pass", async () => {
    const clock = new StillClock();
    const last = new Date(clock.now().getTime() - 16 * MINUTE);
    await looked(last);
    for (let turn = 0; turn < 3; turn += 1) {
      expect(await watching(clock, 60 * MINUTE)).toBe(true);
      clock.pass(MINUTE);
    }
    expect(await open()).toEqual([[KEY, 1]]);
    const checks = await readChecks(store.sql);
    expect(checks.map(({ standing }) => standing.checkedAt)).toEqual([last, last]);
    expect(checks[1]?.standing).toMatchObject({
      level: { state: "unhealthy" },
      reason: `no worker has run a health check since ${last.toISOString()}`,
    });
  });
});

test(
  "with every worker dead a web process sends an alert, and two passes of a new worker resolve it",
  { timeout: 120_000 },
  async () => {
    const github = await startGitHub({ webhookUrl: "https://companyos.test/api/github/webhooks" });
    const receiver = await startReceiver();
    let ahead = 0;
    const clock = { now: () => new Date(Date.now() + ahead) };
    const run = (role: "web" | "worker") =>
      startBeside(github, databaseUrl, {
        env: { ROLE: role, ALERT_WEBHOOK_URL: receiver.url },
        clock,
        sweepMs: 100,
      });
    const web = await run("web");
    try {
      await looked(clock.now());
      const age = async () =>
        valueOf(await (await fetch(`${web.url}/metrics`)).text(), "companyos_health_pass_age_seconds");
      expect(await age()).toBeLessThan(60);
      ahead = 16 * MINUTE;
      // Answers of /metrics are computed once a second.
      await vi.waitFor(async () => expect(await age()).toBeGreaterThan(900), { timeout: 5_000 });
      await vi.waitFor(async () => expect(await open()).toEqual([[KEY, 1]]), { timeout: 20_000 });
      ahead += MINUTE;
      await vi.waitFor(() => expect(receiver.received.map(({ body }) => body).join("\n")).toContain(KEY), {
        timeout: 20_000,
      });
      const worker = await run("worker");
      try {
        for (let pass = 0; pass < 2; pass += 1) {
          await requestHealthPass({ store, clock });
          await untilFinished(store.sql, 60_000);
        }
      } finally {
        await worker.close();
      }
      expect(await open()).toEqual([]);
      await vi.waitFor(async () => expect(await age()).toBeLessThan(60), { timeout: 5_000 });
    } finally {
      await web.close();
      await receiver.close();
      await github.close();
    }
  },
);
