import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { withDatabase } from "../../../test/support/database.js";
import { startProxy } from "../../../test/support/proxy.js";
import { onBothBackends, POLL } from "../../../test/work/setting.js";
import { createLog } from "../../log.js";

onBothBackends(await withDatabase(), ({ where, open }) => {
  /** The way to the backend, which can be cut, and its address. */
  const cuttable = async () => {
    const { databaseUrl, redisUrl } = where();
    const address = new URL(redisUrl ?? databaseUrl);
    const proxy = await startProxy(Number(address.port));
    address.port = String(proxy.port);
    return { proxy, through: redisUrl === undefined ? { databaseUrl: address.href } : { redisUrl: address.href } };
  };

  test(
    "survives an unavailable backend: no errors, few log lines, and work continues",
    { timeout: 60_000 },
    async () => {
      const { proxy, through } = await cuttable();
      const lines: string[] = [];
      const log = createLog({ level: "warn", destination: { write: (line: string) => void lines.push(line) } });
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
    const { proxy, through } = await cuttable();
    await proxy.cut();
    const queues = open(through);
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
    const { proxy, through } = await cuttable();
    const queues = open(through);
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
});
