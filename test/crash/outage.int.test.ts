import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, expect, test } from "vitest";
import { createLog } from "../../src/log.js";
import { makePlace } from "../../src/store/embedded/place.js";
import { isServed } from "../../src/store/embedded/postmaster.js";
import { startEmbedded } from "../../src/store/embedded/start.js";
import { openStore, type Store } from "../../src/store/store.js";
import { createDatabase } from "../support/database.js";
import { reportMissing } from "../support/missing.js";
import { startProxy } from "../support/proxy.js";
import { redisAvailable, startRedis } from "../support/redis.js";
import { startApp } from "./app-child.js";
import {
  attemptsSoFar,
  openIssues,
  type Outcome,
  outcomeOf,
  startOrganisation,
  taskFor,
  untilFinished,
} from "./setting.js";

const log = createLog({ level: "silent" });
const organisation = await startOrganisation();
afterAll(() => organisation.github.close());

function expectNothingLost(outcome: Outcome): void {
  expect(outcome.lost).toEqual([]);
  expect(outcome.failedJobs).toEqual([]);
  expect(Object.values(outcome.comments).filter((count) => count !== 1)).toEqual([]);
}

test.skipIf(!redisAvailable)(
  "FLUSHALL in the middle of a burst",
  async () => {
    const redis = await startRedis();
    const database = await createDatabase();
    const admin = new Redis(redis.url);
    try {
      const since = await attemptsSoFar(organisation);
      const app = await startApp(taskFor(organisation, database.url, { redisUrl: redis.url }));
      await organisation.github.control.run("webhook", { url: `${app.url}/api/github/webhooks` });
      const first = await openIssues(organisation, 20);
      await admin.flushall();
      const second = await openIssues(organisation, 10);
      await admin.flushall();
      await organisation.github.control.run("idle", {});
      await untilFinished(database.store.sql, 60_000);
      await app.stop();
      const outcome = await outcomeOf(organisation, database.store.sql, { numbers: [...first, ...second], since });
      expectNothingLost(outcome);
      expect(outcome.acknowledged).toBe(outcome.attempted);
    } finally {
      admin.disconnect();
      await redis.stop();
      await database.drop();
    }
  },
  120_000,
);

/** A server of its own below `dataDir`, reached by an address that stays when it is started again. */
async function ownServer(dataDir: string) {
  const settings = { dataDir, log, durable: false };
  let server = await startEmbedded(settings);
  const proxy = await startProxy(server.port);
  const address = new URL(server.url);
  address.port = String(proxy.port);
  const store = openStore({ url: address.href, poolSize: 2, applicationName: "outage test" });
  return {
    url: address.href,
    store,
    async stop() {
      await proxy.cut();
      await server.release();
    },
    async start() {
      server = await startEmbedded(settings);
      await proxy.restore(server.port);
    },
    async end() {
      await store.close();
      await proxy.cut().catch(() => undefined);
      await server.release();
    },
  };
}

/** False when it has stopped for good; one that still recovers is waited for. */
async function comesBack(store: Store, dataDir: string): Promise<boolean> {
  for (;;) {
    const answers = await store.sql.query("SELECT 1").then(
      () => true,
      () => false,
    );
    if (answers || !isServed(makePlace(dataDir))) return answers;
    await delay(100);
  }
}

test("PostgreSQL restarted in the middle of a burst", { timeout: 120_000 }, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "companyos-outage-"));
  const server = await ownServer(dataDir);
  try {
    const since = await attemptsSoFar(organisation);
    const app = await startApp(taskFor(organisation, server.url));
    await organisation.github.control.run("webhook", { url: `${app.url}/api/github/webhooks` });
    const before = await openIssues(organisation, 15);
    await server.stop();
    const during = await openIssues(organisation, 5);
    await organisation.github.control.run("idle", {});
    await server.start();
    const after = await openIssues(organisation, 10);
    await organisation.github.control.run("idle", {});
    await untilFinished(server.store.sql, 60_000);
    await app.stop();
    const numbers = [...before, ...during, ...after];
    const outcome = await outcomeOf(organisation, server.store.sql, { numbers, since });
    expectNothingLost(outcome);
    // What came during the outage was refused, so that GitHub shows it as failed; the rest was taken.
    expect(outcome.acknowledged).toBeLessThan(outcome.attempted);
    expect(outcome.acknowledged).toBeGreaterThanOrEqual(after.length);
  } finally {
    await server.end();
    rmSync(dataDir, { recursive: true, force: true });
  }
});

const MOUNT = mkdtempSync(join(tmpdir(), "companyos-full-"));
const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=220m,mode=755", "tmpfs", MOUNT]).status === 0;
if (!mounted) reportMissing("the full disk is not tested: no tmpfs can be mounted here", "run the tests as root");
afterAll(() => {
  if (mounted) spawnSync("umount", ["-l", MOUNT]);
  rmSync(MOUNT, { recursive: true, force: true });
});

/** Fills the file system to its last block. */
function fill(path: string): void {
  const file = openSync(path, "w");
  try {
    for (const size of [1 << 20, 1 << 12]) {
      const block = Buffer.alloc(size);
      try {
        for (;;) writeSync(file, block);
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
      }
    }
  } finally {
    closeSync(file);
  }
}

test.skipIf(!mounted)("the disk is full in the middle of a burst", { timeout: 180_000 }, async () => {
  const dataDir = join(MOUNT, "data");
  const filler = join(MOUNT, "filler");
  const server = await ownServer(dataDir);
  try {
    const since = await attemptsSoFar(organisation);
    const app = await startApp(taskFor(organisation, server.url));
    await organisation.github.control.run("webhook", { url: `${app.url}/api/github/webhooks` });
    const before = await openIssues(organisation, 10);
    await organisation.github.control.run("idle", {});
    fill(filler);
    // Enough to need a new segment of the log, or a new page of a table.
    const during = await openIssues(organisation, 10);
    await server.store.sql.query("SELECT pg_switch_wal()").catch(() => undefined);
    during.push(...(await openIssues(organisation, 10)));
    await organisation.github.control.run("idle", {});
    rmSync(filler);
    // Without room for its log PostgreSQL may have stopped; then somebody starts it again.
    if (!(await comesBack(server.store, dataDir))) {
      await server.stop();
      await server.start();
    }
    const after = await openIssues(organisation, 10);
    await organisation.github.control.run("idle", {});
    await untilFinished(server.store.sql, 90_000);
    await app.stop();
    const outcome = await outcomeOf(organisation, server.store.sql, {
      numbers: [...before, ...during, ...after],
      since,
    });
    expectNothingLost(outcome);
    expect(outcome.acknowledged).toBeLessThan(outcome.attempted);
    expect(outcome.acknowledged).toBeGreaterThanOrEqual(before.length + after.length);
  } finally {
    await server.end();
  }
});
