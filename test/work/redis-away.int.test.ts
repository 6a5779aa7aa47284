import { connect } from "node:net";
import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { startGitHub } from "../../simulator/index.js";
import { createLog } from "../../src/log.js";
import { freePort } from "../../src/store/embedded/free-port.js";
import { startBeside } from "../support/app.js";
import { withDatabase } from "../support/database.js";
import { deliveryHeaders } from "../support/inbox.js";
import { startProxy } from "../support/proxy.js";
import { redisAvailable, startRedis } from "../support/redis.js";
import { POLL } from "./setting.js";

const database = await withDatabase();

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}

test.skipIf(!redisAvailable)(
  "without Redis at the start receives deliveries at once, logs one line, and processes them when Redis is back",
  { timeout: 90_000 },
  async () => {
    const github = await startGitHub();
    onTestFinished(() => github.close());
    const redis = await startRedis();
    onTestFinished(() => redis.stop());
    const proxy = await startProxy(Number(new URL(redis.url).port));
    onTestFinished(() => proxy.cut());
    await proxy.cut();
    const lines: string[] = [];
    const port = await freePort();
    const starting = startBeside(github, database.url, {
      env: { REDIS_URL: `redis://127.0.0.1:${proxy.port}`, PORT: String(port) },
      log: createLog({ level: "warn", destination: { write: (line: string) => void lines.push(line) } }),
      sweepMs: 500,
    });
    onTestFinished(() => starting.then((app) => app.close()));
    const body = JSON.stringify({ action: "created" });
    const headers = deliveryHeaders({ guid: crypto.randomUUID(), event: "star", body, secret: github.webhookSecret });
    const post = () =>
      fetch(`http://127.0.0.1:${port}/api/github/webhooks`, {
        method: "POST",
        body,
        // `fetch` counts the body itself, and with nock in the process refuses a length that is given.
        headers: Object.entries(headers)
          .filter(([name]) => name.toLowerCase() !== "content-length")
          .map(([name, value]): [string, string] => [name, String(value)]),
      }).then(({ status }) => status);
    let isReady = false;
    void starting.then(() => (isReady = true));
    // However long the start takes on a busy machine.
    await expect.poll(() => listens(port), { ...POLL, timeout: 60_000 }).toBe(true);
    expect(await post()).toBe(202);
    // Its workers still wait for Redis.
    expect(isReady).toBe(false);

    await starting;
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("ECONNREFUSED");
    expect(lines[0]).not.toContain("stack");

    await proxy.restore();
    const client = new Redis(redis.url);
    await expect.poll(() => client.zcard("bullmq:schedules:repeat"), POLL).toBe(9);
    const statuses = () => database.store.sql.query("SELECT status FROM deliveries");
    await expect.poll(statuses, POLL).toEqual([{ status: "skipped" }]);
    client.disconnect();
  },
);
