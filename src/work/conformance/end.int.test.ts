import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { z } from "zod";
import { withDatabase } from "../../../test/support/database.js";
import { onBothBackends, POLL } from "../../../test/work/setting.js";
import { built } from "../../../test/support/built.js";

const database = await withDatabase();

onBothBackends(database, ({ where, open }) => {
  test("the wake-up of a killed process goes to another one", { timeout: 60_000 }, async () => {
    const queues = open();
    await queues.add([{ queue: "agents", id: 5n }]);
    const { databaseUrl, redisUrl, namespace } = where();
    const args = [built("test/work/stalling-worker.ts"), databaseUrl, namespace, redisUrl ?? ""];
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

  test("close lets running work end, takes no more and leaves no connection", async () => {
    const { redisUrl } = where();
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
    await expect.poll(() => connectionsOf(redisUrl), POLL).toBe(0);
  });

  test("close aborts work after the patience, and keeps its wake-up", async () => {
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
});

async function connectionsOf(redisUrl: string | undefined): Promise<number> {
  if (redisUrl === undefined) {
    const text = `SELECT count(*)::int AS n FROM pg_stat_activity
      WHERE datname = current_database() AND application_name <> 'companyos test'`;
    const [row] = await database.store.sql.query(text);
    return Number(row?.["n"]);
  }
  const client = new Redis(redisUrl);
  const list = String(await client.client("LIST"));
  client.disconnect();
  return list.trim().split("\n").length - 1;
}
