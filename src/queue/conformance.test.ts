import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { withDatabase } from "../../test/support/database.js";
import { startProxy } from "../../test/support/proxy.js";
import { redisAvailable, startRedis, type TestRedis } from "../../test/support/redis.js";
import { NetworkError, RateLimitError } from "../errors.js";
import { defineJob, planOf, registryOf } from "../jobs/define-job.js";
import { persist } from "../jobs/persist.js";
import { jobRunner } from "../jobs/run-job.js";
import { createLog } from "../log.js";
import { claimJob } from "../store/jobs/claim-job.js";
import { planJobs } from "../store/jobs/plan-jobs.js";
import type { Outcome } from "../domain.js";
import { migrateQueue } from "./backend.js";
import { checkRedis } from "./check-redis.js";
import { openQueues, type QueuesOptions } from "./open-queues.js";
import type { Queues } from "./queues.js";
import { sweepJobs } from "./sweep-jobs.js";

const database = await withDatabase();
const { sql } = database.store;
const clock = { now: () => new Date() };
const POLL = { timeout: 15_000, interval: 20 };

let redis: TestRedis | undefined;
beforeAll(async () => {
  if (redisAvailable) redis = await startRedis();
});
afterAll(() => redis?.stop());

const BACKENDS = [
  { backend: "postgres", available: true },
  { backend: "redis", available: redisAvailable },
] as const;

for (const { backend, available } of BACKENDS) {
  describe.skipIf(!available)(`queues on ${backend}`, () => {
    let namespace = "";
    let count = 0;
    let opened: Queues[] = [];

    const configuration = () => ({
      databaseUrl: database.url,
      redisUrl: backend === "redis" ? redis?.url : undefined,
      namespace,
    });
    const open = (more: Partial<QueuesOptions> = {}): Queues => {
      const log = createLog({ level: "silent" });
      const queues = openQueues({ ...configuration(), log, lockMs: 1_000, patienceMs: 2_000, ...more });
      opened.push(queues);
      return queues;
    };
    /** Everything that the queue knows is gone. */
    const loseEverything = async (): Promise<void> => {
      if (backend === "postgres") {
        const truncate = `TRUNCATE ${await tablesOf(namespace)}`;
        // Workers that hold the same tables in another order may be chosen over this statement.
        return persist(async () => void (await sql.query(truncate)));
      }
      const client = new Redis(redis?.url ?? "");
      await client.flushall();
      client.disconnect();
    };

    beforeEach(async () => {
      namespace = `test_${backend}_${++count}`;
      if (backend === "postgres") await migrateQueue(database.url, namespace);
      await sql.query("TRUNCATE jobs RESTART IDENTITY");
    });
    afterEach(async () => {
      const closing = opened;
      opened = [];
      await Promise.all(closing.map((queues) => queues.close()));
    });

    test("says which it is, and that it is ready", async () => {
      const queues = open();
      expect(queues.backend).toBe(backend);
      expect(await queues.ready()).toEqual({ ready: true });
    });

    test("a wake-up reaches one worker, of whichever process", async () => {
      const seen: string[] = [];
      const handler = (ids: readonly string[]): Promise<null> => {
        seen.push(...ids);
        return Promise.resolve(null);
      };
      for (const queues of [open(), open()]) await queues.work("agents", { concurrency: 2 }, handler);
      const ids = Array.from({ length: 40 }, (_, i) => BigInt(i + 1));
      await open().add(ids.map((id) => ({ queue: "agents", id })));
      await expect.poll(() => seen.length, POLL).toBe(40);
      expect(new Set(seen)).toEqual(new Set(ids.map(String)));
    });

    test("queues do not mix", async () => {
      const queues = open();
      const seen: string[] = [];
      for (const name of ["agents", "sync", "health"] as const)
        await queues.work(name, { concurrency: 1 }, ([id = ""]) => {
          seen.push(`${name} ${id}`);
          return Promise.resolve(null);
        });
      await queues.add([
        { queue: "health", id: 1n },
        { queue: "agents", id: 2n },
        { queue: "sync", id: 3n },
      ]);
      await expect.poll(() => seen.toSorted(), POLL).toEqual(["agents 2", "health 1", "sync 3"]);
    });

    test("deliveries that come in a burst share wake-ups, and none is lost or doubled", async () => {
      const queues = open();
      const calls: (readonly string[])[] = [];
      await queues.work("deliveries", { concurrency: 2 }, (ids) => {
        calls.push(ids);
        return Promise.resolve(null);
      });
      const ids = Array.from({ length: 2_000 }, (_, i) => `d${i}`);
      await Promise.all(ids.map((id) => queues.wake([id])));
      await expect.poll(() => calls.flat().length, POLL).toBe(2_000);
      expect(new Set(calls.flat())).toEqual(new Set(ids));
      expect(calls.length).toBeLessThan(100);
    });

    test("what sweeps of several processes find in one period waits once, and comes again in the next", async () => {
      const [one, other] = [open(), open()];
      const ids = Array.from({ length: 250 }, (_, i) => String(i + 90));
      const waiting = async (): Promise<number> => (await one.counts()).deliveries.waiting;
      for (const queues of [one, other, one]) await queues.sweep(ids, 86_400_000);
      expect(await waiting()).toBe(4);
      // Some were processed meanwhile.
      await other.sweep(ids.slice(30), 86_400_000);
      expect(await waiting()).toBe(4);
      await one.sweep(ids, 43_200_000);
      expect(await waiting()).toBe(8);
      const seen: string[] = [];
      await one.work("deliveries", { concurrency: 1 }, (some) => {
        seen.push(...some);
        return Promise.resolve(null);
      });
      await expect.poll(() => seen.length, POLL).toBe(500);
      expect(new Set(seen)).toEqual(new Set(ids));
    });

    test("a job that is in the queue is not doubled; one that ended may come again", async () => {
      const queues = open();
      const seen: string[] = [];
      await queues.add([{ queue: "agents", id: 1n }]);
      for (let i = 0; i < 3; i++) await queues.add([{ queue: "agents", id: 1n }]);
      expect((await queues.counts()).agents).toEqual({ waiting: 1, active: 0, delayed: 0 });
      await queues.work("agents", { concurrency: 5 }, ([id = ""]) => {
        seen.push(id);
        return Promise.resolve(null);
      });
      await expect.poll(async () => (await queues.counts()).agents.waiting + seen.length, POLL).toBe(1);
      for (let round = 2; round < 5; round++) {
        await expect.poll(() => agentsOf(queues), POLL).toEqual([0, 0, 0]);
        await queues.add([{ queue: "agents", id: 1n }]);
        await expect.poll(() => seen.length, POLL).toBe(round);
      }
    });

    test("what another job's end wakes is not taken for a wake-up that ends at this moment", async () => {
      const queues = open();
      let release = (): void => undefined;
      let calls = 0;
      await queues.work("agents", { concurrency: 2 }, () => {
        calls += 1;
        return calls === 1 ? new Promise((resolve) => (release = () => resolve(null))) : Promise.resolve(null);
      });
      await queues.add([{ queue: "agents", id: 2n }]);
      await expect.poll(() => calls, POLL).toBe(1);
      await queues.add([{ queue: "agents", id: 2n, after: 1n }]);
      await expect.poll(() => calls, POLL).toBe(2);
      release();
    });

    test("a row that is due earlier than its wake-up knows is woken then", async () => {
      const queues = open();
      let calls = 0;
      await queues.work("agents", { concurrency: 1 }, () => {
        calls += 1;
        return Promise.resolve(null);
      });
      await queues.add([{ queue: "agents", id: 3n, delayMs: 600_000 }]);
      await queues.add([{ queue: "agents", id: 3n }]);
      expect((await queues.counts()).agents).toMatchObject({ waiting: 0, delayed: 1 });
      await queues.add([{ queue: "agents", id: 3n, sooner: true }]);
      await expect.poll(() => calls, POLL).toBe(1);
    });

    test("a delay is kept, and holds nothing else up", async () => {
      const queues = open();
      const seen: { id: string; at: number }[] = [];
      await queues.work("agents", { concurrency: 1 }, ([id = ""]) => {
        seen.push({ id, at: Date.now() });
        return Promise.resolve(null);
      });
      const added = Date.now();
      await queues.add([
        { queue: "agents", id: 1n, delayMs: 600 },
        { queue: "agents", id: 2n },
      ]);
      await expect.poll(() => seen.map(({ id }) => id), POLL).toEqual(["2", "1"]);
      expect((seen[1]?.at ?? 0) - added).toBeGreaterThanOrEqual(600);
      expect((seen[1]?.at ?? 0) - added).toBeLessThan(3_000);
    });

    test("a handler may ask to be woken again, as often as it likes", async () => {
      const queues = open();
      const calls: number[] = [];
      await queues.work("agents", { concurrency: 1 }, ([id = ""]) => {
        expect(id).toBe("1");
        calls.push(Date.now());
        return Promise.resolve(calls.length < 12 ? { againAt: new Date(Date.now() + 60) } : null);
      });
      await queues.add([{ queue: "agents", id: 1n }]);
      await expect.poll(() => calls.length, POLL).toBe(12);
      expect((calls[11] ?? 0) - (calls[0] ?? 0)).toBeGreaterThanOrEqual(11 * 60);
      await expect.poll(() => agentsOf(queues), POLL).toEqual([0, 0, 0]);
    });

    test("a handler that fails is called again after a pause", async () => {
      const queues = open();
      const calls: number[] = [];
      await queues.work("agents", { concurrency: 1 }, () => {
        calls.push(Date.now());
        return calls.length < 3 ? Promise.reject(new NetworkError("no database")) : Promise.resolve(null);
      });
      await queues.add([{ queue: "agents", id: 1n }]);
      await expect.poll(() => calls.length, POLL).toBe(3);
      expect((calls[1] ?? 0) - (calls[0] ?? 0)).toBeGreaterThanOrEqual(250);
    });

    test("a wake-up whose process is killed goes to another", { timeout: 60_000 }, async () => {
      const queues = open();
      await queues.add([{ queue: "agents", id: 5n }]);
      const { databaseUrl, redisUrl } = configuration();
      const args = ["--import", "tsx", "test/queue/stalling-worker.ts", databaseUrl, namespace, redisUrl ?? ""];
      const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
      const [output] = z.tuple([z.instanceof(Buffer)]).parse(await once(child.stdout, "data"));
      expect(output.toString()).toBe("took 5\n");
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
      const seen: string[] = [];
      await queues.work("agents", { concurrency: 1 }, (ids) => {
        seen.push(...ids);
        return Promise.resolve(null);
      });
      await expect.poll(() => seen, POLL).toEqual(["5"]);
    });

    test("a schedule runs once, however many processes have it and however often they say so", async () => {
      const runs: number[] = [];
      const started = Date.now();
      const processes = [open(), open(), open()];
      for (const queues of processes)
        await queues.schedule("prune", { everyMs: 300 }, () => {
          runs.push(Date.now());
          return Promise.resolve();
        });
      const nagging = Promise.all(
        processes.map(async (queues) => {
          for (let i = 0; i < 20; i++) {
            await queues.ensureSchedules();
            await sleep(100);
          }
        }),
      );
      await nagging;
      const periods = (Date.now() - started) / 300;
      expect(runs.length).toBeGreaterThanOrEqual(Math.floor(periods / 2));
      expect(runs.length).toBeLessThanOrEqual(Math.ceil(periods) + 1);
    });

    test("a schedule follows its new recurrence, and comes back when the queue has lost it", async () => {
      const queues = open();
      let runs = 0;
      const run = (): Promise<void> => {
        runs += 1;
        return Promise.resolve();
      };
      await queues.schedule("prune", { cron: "0 3 * * *" }, run);
      await queues.schedule("prune", { everyMs: 200 }, run);
      await expect.poll(() => runs, POLL).toBeGreaterThan(2);
      await loseEverything();
      await sleep(400);
      const before = runs;
      await sleep(600);
      expect(runs).toBe(before);
      await queues.ensureSchedules();
      await expect.poll(() => runs, POLL).toBeGreaterThan(before + 2);
    });

    test("close lets what runs end, takes nothing new and leaves no connection", async () => {
      const queues = open();
      let ended = 0;
      let taken = 0;
      await queues.work("agents", { concurrency: 2 }, async () => {
        taken += 1;
        await sleep(400);
        ended += 1;
        return null;
      });
      const other = open();
      await other.add([1n, 2n, 3n, 4n].map((id) => ({ queue: "agents" as const, id })));
      await expect.poll(() => taken, POLL).toBe(2);
      await queues.close();
      expect({ taken, ended }).toEqual({ taken: 2, ended: 2 });
      expect((await other.counts()).agents).toMatchObject({ waiting: 2, active: 0 });
      await other.close();
      await expect.poll(() => connectionsOf(backend, redis), POLL).toBe(0);
    });

    test("close aborts what does not end within the patience, and its wake-up is not lost", async () => {
      const queues = open({ patienceMs: 100 });
      let aborted = false;
      await queues.work("agents", { concurrency: 1 }, (_ids, signal) => {
        return new Promise((resolve) =>
          signal.addEventListener("abort", () => {
            aborted = true;
            resolve({ againAt: new Date() });
          }),
        );
      });
      await queues.add([{ queue: "agents", id: 1n }]);
      await expect.poll(async () => (await queues.counts()).agents.active, POLL).toBe(1);
      await queues.close();
      expect(aborted).toBe(true);
      const next = open();
      const seen: string[] = [];
      await next.work("agents", { concurrency: 1 }, (ids) => {
        seen.push(...ids);
        return Promise.resolve(null);
      });
      await expect.poll(() => seen, POLL).toEqual(["1"]);
    });

    test(
      "the backend may be away for a while: nothing throws, few lines are logged, and work goes on",
      { timeout: 60_000 },
      async () => {
        const address = new URL(backend === "redis" ? (redis?.url ?? "") : database.url);
        const proxy = await startProxy(Number(address.port));
        address.port = String(proxy.port);
        const lines: string[] = [];
        const log = createLog({ level: "warn", destination: { write: (line: string) => void lines.push(line) } });
        const through = backend === "redis" ? { redisUrl: address.href } : { databaseUrl: address.href };
        const queues = open({ ...through, log });
        const seen = new Set<string>();
        await queues.work("agents", { concurrency: 2 }, (ids) => {
          for (const id of ids) seen.add(id);
          return Promise.resolve(null);
        });
        await queues.add([{ queue: "agents", id: 1n }]);
        await expect.poll(() => seen.has("1"), POLL).toBe(true);
        await proxy.cut();
        const started = Date.now();
        for (let id = 2n; id < 200n; id++) await queues.add([{ queue: "agents", id }]);
        await queues.wake(["a"]);
        expect(await queues.ready()).toMatchObject({ ready: false });
        await sleep(2_500 - Math.min(2_500, Date.now() - started));
        await proxy.restore();
        await expect
          .poll(
            async () => {
              // What the sweeper does until it arrives.
              await queues.add([{ queue: "agents", id: 1_000n }]);
              return seen.has("1000");
            },
            { ...POLL, timeout: 20_000, interval: 200 },
          )
          .toBe(true);
        expect(await queues.ready()).toEqual({ ready: true });
        expect(lines.length).toBeGreaterThan(0);
        expect(lines.length).toBeLessThan(30);
        await queues.close();
        await expect.poll(() => proxy.connections(), POLL).toBe(0);
        await proxy.cut();
      },
    );

    test("a backend that is away at the start is found when it comes", { timeout: 60_000 }, async () => {
      const address = new URL(backend === "redis" ? (redis?.url ?? "") : database.url);
      const proxy = await startProxy(Number(address.port));
      address.port = String(proxy.port);
      await proxy.cut();
      const queues = open(backend === "redis" ? { redisUrl: address.href } : { databaseUrl: address.href });
      const seen: string[] = [];
      await queues.work("agents", { concurrency: 1 }, (ids) => {
        seen.push(...ids);
        return Promise.resolve(null);
      });
      expect(await queues.ready()).toMatchObject({ ready: false });
      await proxy.restore();
      await expect
        .poll(
          async () => {
            await queues.add([{ queue: "agents", id: 1n }]);
            return seen.length > 0;
          },
          { ...POLL, timeout: 20_000, interval: 200 },
        )
        .toBe(true);
      await queues.close();
      await proxy.cut();
    });

    test("close ends soon when the backend is away", { timeout: 60_000 }, async () => {
      const address = new URL(backend === "redis" ? (redis?.url ?? "") : database.url);
      const proxy = await startProxy(Number(address.port));
      address.port = String(proxy.port);
      const queues = open(backend === "redis" ? { redisUrl: address.href } : { databaseUrl: address.href });
      await queues.work("agents", { concurrency: 1 }, () => Promise.resolve(null));
      await queues.add([{ queue: "agents", id: 1n }]);
      await proxy.cut();
      const started = Date.now();
      await queues.close();
      expect(Date.now() - started).toBeLessThan(12_000);
      await proxy.restore();
      await sleep(2_500);
      expect(proxy.connections()).toBe(0);
      await proxy.cut();
    });

    describe("with the jobs table", () => {
      const Payload = z.object({ pull: z.int() });
      let work: (pull: number) => Promise<Outcome> = () => Promise.resolve({ status: "done", because: "ok" });
      const job = defineJob({
        name: "review",
        queue: "agents",
        payload: Payload,
        attempts: 3,
        key: ({ pull }) => `pull:${pull}`,
        run: ({ pull }) => work(pull),
      });
      const registry = registryOf([job]);

      const start = async (leaseMs = 5_000): Promise<Queues> => {
        const queues = open();
        const unused = (): never => {
          throw new Error("not used here");
        };
        const run = jobRunner({
          store: database.store,
          reader: unused,
          writer: unused,
          clock,
          log: createLog({ level: "silent" }),
          registry,
          wake: (wakeUps) => queues.add(wakeUps),
          random: () => 0,
          token: () => crypto.randomUUID(),
          leaseMs,
        });
        await queues.work("agents", { concurrency: 4 }, ([id = "0"], signal) => run(BigInt(id), signal));
        return queues;
      };
      const plan = async (
        pull: number,
      ): Promise<{ readonly id: bigint; readonly wakeUp: { queue: "agents"; id: bigint } }> => {
        const requests = [planOf(registry, { name: "review", payload: { pull } })];
        const origin = { installationId: 1n, deliveryGuid: null, traceId: null, now: new Date() };
        const [planned] = await planJobs(sql, requests, origin);
        const id = planned?.id ?? 0n;
        return { id, wakeUp: { queue: "agents", id } };
      };
      const statuses = async (): Promise<unknown> =>
        Object.fromEntries(
          (await sql.query("SELECT status, count(*)::int AS n FROM jobs GROUP BY status")).map((row) => [
            row["status"],
            row["n"],
          ]),
        );

      test("of one key, one runs and one waits; the wait ends with the run", async () => {
        const queues = await start();
        let running = 0;
        let most = 0;
        let runs = 0;
        let release = (): void => undefined;
        const gate = new Promise<void>((resolve) => (release = resolve));
        work = async () => {
          most = Math.max(most, ++running);
          runs += 1;
          await gate;
          running -= 1;
          return { status: "done", because: "ok" };
        };
        const ids = new Set<bigint>();
        const planAndWake = async (): Promise<void> => {
          const { id, wakeUp } = await plan(1);
          ids.add(id);
          await queues.add([wakeUp]);
        };
        await planAndWake();
        await expect.poll(() => runs, POLL).toBe(1);
        for (let i = 0; i < 9; i++) await planAndWake();
        expect(ids.size).toBe(2);
        // The second was woken, and refused; only the end of the first brings it back.
        await expect.poll(() => agentsOf(queues), POLL).toEqual([0, 1, 0]);
        release();
        await expect.poll(statuses, POLL).toEqual({ done: 2 });
        expect({ most, runs }).toEqual({ most: 1, runs: 2 });
      });

      test("passing failures are tried again, limits cost no attempt, and the end is a dead letter", async () => {
        const queues = await start();
        const calls: string[] = [];
        work = (pull) => {
          const call = calls.filter((c) => c === String(pull)).length + 1;
          calls.push(String(pull));
          if (pull === 1 && call < 3) return Promise.reject(new NetworkError("reset"));
          if (pull === 2 && call < 5) return Promise.reject(new RateLimitError("quota", new Date()));
          if (pull === 3) return Promise.reject(new NetworkError("reset"));
          return Promise.resolve({ status: "done", because: "ok" });
        };
        for (const pull of [1, 2, 3]) await queues.add([(await plan(pull)).wakeUp]);
        await expect.poll(statuses, { ...POLL, timeout: 25_000 }).toEqual({ done: 2, failed: 1 });
        const rows = await sql.query("SELECT key, status, attempts, reason FROM jobs ORDER BY key");
        expect(rows).toEqual([
          { key: "pull:1", status: "done", attempts: 3, reason: "ok" },
          { key: "pull:2", status: "done", attempts: 1, reason: "ok" },
          { key: "pull:3", status: "failed", attempts: 3, reason: "no answer came, 3 attempts" },
        ]);
      });

      test("everything that the queue knew may be lost: the sweep finds it in the table", async () => {
        work = async () => {
          await sleep(5);
          return { status: "done", because: "ok" };
        };
        const producer = open();
        for (let pull = 1; pull <= 60; pull++) await producer.add([(await plan(pull)).wakeUp]);
        // A process died with this one.
        const { id } = await plan(61);
        await claimJob(sql, { id, token: "dead", now: new Date(Date.now() - 60_000), leaseMs: 1, dueBy: new Date() });
        const queues = await start();
        await expect.poll(async () => JSON.stringify(await statuses()), POLL).toContain("done");
        await loseEverything();
        await expect
          .poll(async () => {
            await sweepJobs({ store: database.store, queues, clock, graceMs: 0 });
            return statuses();
          }, POLL)
          .toEqual({ done: 61 });
        const runs = await sql.query("SELECT key FROM jobs WHERE attempts > 1");
        expect(runs).toEqual([{ key: "pull:61" }]);
      });

      test("a sweep doubles nothing that the queue still has", async () => {
        const queues = open();
        for (let pull = 1; pull <= 20; pull++) await queues.add([(await plan(pull)).wakeUp]);
        for (let i = 0; i < 3; i++)
          expect(await sweepJobs({ store: database.store, queues, clock, graceMs: 0 })).toEqual({
            recovered: 0,
            woken: 20,
            more: false,
          });
        expect((await queues.counts()).agents.waiting).toBe(20);
      });
    });
  });
}

test("ten processes may migrate the queue's schema at once", async () => {
  await Promise.all(Array.from({ length: 10 }, () => migrateQueue(database.url, "test_ten")));
  const queues = openQueues({ databaseUrl: database.url, namespace: "test_ten", log: createLog({ level: "silent" }) });
  expect(await queues.ready()).toEqual({ ready: true });
  await queues.close();
});

test("a schema without tables is not ready, and says so", async () => {
  const queues = openQueues({ databaseUrl: database.url, namespace: "test_none", log: createLog({ level: "silent" }) });
  expect(JSON.stringify(await queues.ready())).toContain("not initialized");
  await queues.add([{ queue: "agents", id: 1n }]);
  await migrateQueue(database.url, "test_none");
  expect(await queues.ready()).toEqual({ ready: true });
  await queues.close();
});

describe.skipIf(!redisAvailable)("Redis itself", () => {
  test("must not evict", async () => {
    const url = redis?.url ?? "";
    expect(await checkRedis(url)).toBeNull();
    const client = new Redis(url);
    await client.config("SET", "maxmemory-policy", "allkeys-lru");
    expect((await checkRedis(url))?.problem).toContain("allkeys-lru");
    await client.config("SET", "maxmemory-policy", "noeviction");
    client.disconnect();
  });

  test("must answer", async () => {
    expect((await checkRedis("redis://127.0.0.1:1"))?.problem).toContain("does not answer");
  });
});

async function agentsOf(queues: Queues): Promise<readonly number[]> {
  const { waiting, active, delayed } = (await queues.counts()).agents;
  return [waiting, active, delayed];
}

async function tablesOf(schema: string): Promise<string> {
  const rows = await sql.query("SELECT tablename FROM pg_tables WHERE schemaname = $1 AND tablename <> 'migration'", [
    schema,
  ]);
  return rows.map((row) => `"${schema}"."${String(row["tablename"])}"`).join(", ");
}

/** Connections of queues, of this file alone: each file has its own database and its own Redis. */
async function connectionsOf(backend: string, server: TestRedis | undefined): Promise<number> {
  if (backend === "postgres") {
    const text = `SELECT count(*)::int AS n FROM pg_stat_activity
      WHERE datname = current_database() AND application_name <> 'companyos test'`;
    const [row] = await sql.query(text);
    return Number(row?.["n"]);
  }
  const client = new Redis(server?.url ?? "");
  const list = String(await client.client("LIST"));
  client.disconnect();
  return list.trim().split("\n").length - 1;
}
