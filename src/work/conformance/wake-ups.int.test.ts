import { expect, test } from "vitest";
import { withDatabase } from "../../../test/support/database.js";
import { agentsOf, onBothBackends, POLL } from "../../../test/work/setting.js";

onBothBackends(await withDatabase(), ({ backend, open }) => {
  test("reports its backend, and that it is ready", async () => {
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

  test("sweeps of several processes add a delivery once in a period, and again in the next", async () => {
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

  test("does not double a queued job; a finished one may come again", async () => {
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

  test("a wake-up by another job's end is distinct from the row's ending wake-up", async () => {
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
});
