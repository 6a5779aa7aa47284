import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { z } from "zod";
import { defineJob, planOf, registryOf } from "../../src/jobs/define-job.js";
import { jobRunner } from "../../src/work/run-job.js";
import { createLog } from "../../src/log.js";
import { migrateQueue } from "../../src/work/backend.js";
import { every } from "../../src/work/every.js";
import { openQueues } from "../../src/work/open-queues.js";
import { sweepJobs } from "../../src/work/sweep-jobs.js";
import { startEmbedded } from "../../src/store/embedded/start.js";
import { planJobs } from "../../src/store/jobs/plan-jobs.js";
import { migrate } from "../../src/store/migrate.js";
import { openStore } from "../../src/store/store.js";
import { startProxy } from "../support/proxy.js";

const JOBS = 150;
const silent = createLog({ level: "silent" });

test("PostgreSQL, with the queue in it, is restarted in the middle", { timeout: 120_000 }, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "companyos-restart-"));
  const embedded = { dataDir, log: silent, durable: false };
  let server = await startEmbedded(embedded);
  const proxy = await startProxy(server.port);
  const address = new URL(server.url);
  address.port = String(proxy.port);
  const url = address.href;
  await migrate(url, { log: silent });
  await migrateQueue(url);

  const lines: string[] = [];
  const log = createLog({ level: "warn", destination: { write: (line: string) => void lines.push(line) } });
  const store = openStore({ url, poolSize: 5, applicationName: "companyos restart test" });
  const queues = openQueues({ databaseUrl: url, log, lockMs: 2_000 });
  const runs = new Map<number, number>();
  const registry = registryOf([
    defineJob({
      name: "work",
      queue: "sync",
      payload: z.object({ n: z.int() }),
      attempts: 3,
      key: ({ n }) => String(n),
      run: async ({ n }) => {
        runs.set(n, (runs.get(n) ?? 0) + 1);
        await sleep(20);
        return { status: "done", reason: "ok" };
      },
    }),
  ]);
  const clock = { now: () => new Date() };
  const unused = (): never => {
    throw new Error("not used here");
  };
  const run = jobRunner({
    store,
    reader: unused,
    writer: unused,
    clock,
    log: silent,
    registry,
    wake: (wakeUps) => queues.add(wakeUps),
    random: Math.random,
    token: () => crypto.randomUUID(),
    leaseMs: 5_000,
  });

  const requests = Array.from({ length: JOBS }, (_, n) => planOf(registry, { name: "work", payload: { n } }));
  const origin = { installationId: null, deliveryGuid: null, traceId: null, now: new Date() };
  const planned = await store.transaction((sql) => planJobs(sql, requests, origin));
  await queues.work("sync", { concurrency: 4 }, ([id = "0"], signal) => run(BigInt(id), signal));
  const failures: unknown[] = [];
  const sweeper = every(500, () => sweepJobs({ store, queues, clock, graceMs: 1_000 }).then(() => undefined), {
    jitter: Math.random,
    onError: (error) => failures.push(error),
  });
  await queues.add(planned.map(({ wakeUp }) => wakeUp));
  await expect.poll(() => runs.size, { timeout: 20_000, interval: 10 }).toBeGreaterThan(20);
  expect(runs.size).toBeLessThan(JOBS);

  // A fast shutdown: every client is told that the administrator ends its connection.
  await server.release();
  await proxy.cut();
  server = await startEmbedded(embedded);
  await proxy.restore(server.port);

  const done = async (): Promise<unknown> => {
    const [row] = await store.sql.query("SELECT count(*)::int AS n FROM jobs WHERE status = 'done'").catch(() => []);
    return row?.["n"];
  };
  await expect.poll(done, { timeout: 60_000, interval: 200 }).toBe(JOBS);
  // Only what ran at that moment may have run again.
  expect([...runs.values()].reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(JOBS + 4);
  expect(lines.length).toBeLessThan(40);

  await sweeper.stop();
  await queues.close();
  await store.close();
  await proxy.cut();
  await server.release();
  rmSync(dataDir, { recursive: true, force: true });
});
