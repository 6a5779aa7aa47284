import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { withDatabase } from "../../../test/support/database.js";
import { agentsOf, onBothBackends, POLL } from "../../../test/work/setting.js";
import type { Outcome } from "../../domain.js";
import { NetworkError, RateLimitError } from "../../errors.js";
import { defineJob, planOf, registryOf } from "../../jobs/define-job.js";
import { jobRunner } from "../run-job.js";
import { createLog } from "../../log.js";
import { claimJob } from "../../store/jobs/claim-job.js";
import { planJobs } from "../../store/jobs/plan-jobs.js";
import type { Queues } from "../queues.js";
import { sweepJobs } from "../sweep-jobs.js";

const database = await withDatabase();
const { sql } = database.store;
const clock = { now: () => new Date() };

onBothBackends(database, ({ open, loseEverything }) => {
  describe("with the jobs table", () => {
    const Payload = z.object({ pull: z.int() });
    let work: (pull: number) => Promise<Outcome> = () => Promise.resolve({ status: "done", reason: "ok" });
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
        return { status: "done", reason: "ok" };
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

    test("retries temporary failures, rate limits cost no attempt, and the end is a dead letter", async () => {
      const queues = await start();
      const calls: string[] = [];
      work = (pull) => {
        const call = calls.filter((c) => c === String(pull)).length + 1;
        calls.push(String(pull));
        if (pull === 1 && call < 3) return Promise.reject(new NetworkError("reset"));
        if (pull === 2 && call < 5) return Promise.reject(new RateLimitError("quota", new Date()));
        if (pull === 3) return Promise.reject(new NetworkError("reset"));
        return Promise.resolve({ status: "done", reason: "ok" });
      };
      for (const pull of [1, 2, 3]) await queues.add([(await plan(pull)).wakeUp]);
      await expect.poll(statuses, { ...POLL, timeout: 25_000 }).toEqual({ done: 2, failed: 1 });
      const rows = await sql.query("SELECT key, status, attempts, reason FROM jobs ORDER BY key");
      expect(rows).toEqual([
        { key: "pull:1", status: "done", attempts: 3, reason: "ok" },
        { key: "pull:2", status: "done", attempts: 1, reason: "ok" },
        { key: "pull:3", status: "failed", attempts: 3, reason: "the host did not answer (3 attempts)" },
      ]);
    });

    test("the queue may lose everything: the sweep finds the work in the table", async () => {
      work = async () => {
        await sleep(5);
        return { status: "done", reason: "ok" };
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

    test("a sweep does not double queued wake-ups", async () => {
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
