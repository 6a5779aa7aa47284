import { expect, test } from "vitest";
import { openInlineQueues } from "./inline.js";

test("runs waiting work and the work that it plans, until none is left", async () => {
  const queues = openInlineQueues({ patienceMs: 0 });
  const seen: string[] = [];
  await queues.work("deliveries", { concurrency: 1 }, async (ids) => {
    seen.push(`delivery ${ids.join()}`);
    await queues.add([{ queue: "agents", id: 1n, delayMs: 3_600_000 }]);
    return null;
  });
  await queues.work("agents", { concurrency: 1 }, async (ids) => {
    seen.push(`job ${ids.join()}`);
    if (ids[0] === "1") await queues.add([{ queue: "agents", id: 2n }]);
    return null;
  });
  await queues.wake(["a", "b"]);
  expect(await queues.drain()).toEqual({ ran: 3, left: [] });
  expect(seen).toEqual(["delivery a,b", "job 1", "job 2"]);
});

test("a job that is there is not doubled", async () => {
  const queues = openInlineQueues({ patienceMs: 0 });
  await queues.work("agents", { concurrency: 1 }, () => Promise.resolve(null));
  await queues.add([
    { queue: "agents", id: 1n },
    { queue: "agents", id: 1n },
  ]);
  await queues.add([{ queue: "agents", id: 1n }]);
  expect((await queues.counts()).agents.waiting).toBe(1);
  expect((await queues.drain()).ran).toBe(1);
});

test("waits for retries within the patience, and names the rest", async () => {
  const queues = openInlineQueues({ patienceMs: 500 });
  const inAnHour = new Date(Date.now() + 3_600_000);
  const started = Date.now();
  const calls = new Map<string, number>();
  await queues.work("agents", { concurrency: 1 }, ([id = ""]) => {
    const call = (calls.get(id) ?? 0) + 1;
    calls.set(id, call);
    if (id === "2") return Promise.resolve({ againAt: inAnHour });
    return Promise.resolve(call === 1 ? { againAt: new Date(started + 60) } : null);
  });
  await queues.add([
    { queue: "agents", id: 1n },
    { queue: "agents", id: 2n },
    { queue: "sync", id: 3n },
  ]);
  const { ran, left } = await queues.drain();
  expect(Date.now() - started).toBeGreaterThanOrEqual(59);
  expect(ran).toBe(3);
  expect(left).toMatchObject([
    { queue: "sync", ids: ["3"] },
    { queue: "agents", ids: ["2"], at: inAnHour },
  ]);
});

test("a handler's failure is the host's failure", async () => {
  const queues = openInlineQueues({ patienceMs: 0 });
  await queues.work("agents", { concurrency: 1 }, () => Promise.reject(new Error("database gone")));
  await queues.add([{ queue: "agents", id: 1n }]);
  await expect(queues.drain()).rejects.toThrow("database gone");
});

test("close ends a drain after the handler that runs", async () => {
  const queues = openInlineQueues({ patienceMs: 0 });
  await queues.work("agents", { concurrency: 1 }, async (_ids, signal) => {
    await queues.close();
    expect(signal.aborted).toBe(true);
    return null;
  });
  await queues.add([
    { queue: "agents", id: 1n },
    { queue: "agents", id: 2n },
  ]);
  expect((await queues.drain()).ran).toBe(1);
});
