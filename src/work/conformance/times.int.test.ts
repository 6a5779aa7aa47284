import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { withDatabase } from "../../../test/support/database.js";
import { agentsOf, onBothBackends, POLL } from "../../../test/work/setting.js";
import { NetworkError } from "../../errors.js";
import { createLog } from "../../log.js";
import type { Queues } from "../queues.js";

onBothBackends(await withDatabase(), ({ open, loseEverything }) => {
  test("a row that is due earlier than its wake-up says is woken then", async () => {
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

  test("a delay is kept, and blocks nothing else", async () => {
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

  test("a schedule runs once, however many processes register it", async () => {
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

  test("many schedules of processes that start at once are registered silently, and each runs once", async () => {
    const lines: string[] = [];
    const log = createLog({ level: "warn", destination: { write: (line: string) => void lines.push(line) } });
    const names = Array.from({ length: 8 }, (_, i) => `schedule-${i}`);
    const runs: string[] = [];
    const schedule = (queues: Queues, name: string, i: number): Promise<void> =>
      queues.schedule(name, i % 2 === 0 ? { cron: "17 3 * * *" } : { everyMs: 3_600_000 }, () => {
        runs.push(name);
        return Promise.resolve();
      });
    const processes = Array.from({ length: 4 }, () => open({ log }));
    await Promise.all(processes.flatMap((queues) => names.map((name, i) => schedule(queues, name, i))));
    expect(lines).toEqual([]);
    await expect.poll(() => runs.length, POLL).toBe(4);
    await sleep(200);
    expect(runs.toSorted()).toEqual(names.filter((_, i) => i % 2 === 1));
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
});
