import { expect, test, vi } from "vitest";
import { z } from "zod";
import { startGitHub } from "../../simulator/index.js";
import { defineJob } from "../../src/jobs/define-job.js";
import { requestHealthPass } from "../../src/jobs/health/health-job.js";
import { openStore } from "../../src/store/store.js";
import { planJobs } from "../../src/store/jobs/plan-jobs.js";
import { untilFinished } from "../crash/setting.js";
import { startBeside } from "../support/app.js";
import { withDatabase } from "../support/database.js";

const clock = { now: () => new Date() };
const { store, url: databaseUrl } = await withDatabase();

/** Work beside the passes: when it is done, the workers have looked at what waited before it. */
const beside = defineJob({
  name: "test-beside",
  queue: "health",
  payload: z.object({}),
  attempts: 1,
  key: () => "",
  run: () => Promise.resolve({ status: "done", reason: "a test" } as const),
});

/** GitHub's answer about the hook, which each pass asks for once: held while the gate is closed, by all processes. */
class Gate {
  asked = 0;
  under = 0;
  most = 0;
  #open: () => void = () => undefined;
  #gate: Promise<void> = Promise.resolve();

  close(): void {
    this.#gate = new Promise((resolve) => (this.#open = resolve));
    this.asked = 0;
    this.most = 0;
  }
  open(): void {
    this.#open();
  }
  readonly fetch: typeof fetch = async (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    if (pathname !== "/app/hook/config") return fetch(input, init);
    this.asked += 1;
    this.under += 1;
    this.most = Math.max(this.most, this.under);
    try {
      await this.#gate;
      return await fetch(input, init);
    } finally {
      this.under -= 1;
    }
  };
}

async function passes(status: string): Promise<number> {
  const [row] = await store.sql.query("SELECT count(*)::int AS n FROM jobs WHERE name = 'health' AND status = $1", [
    status,
  ]);
  return Number(row?.["n"]);
}

async function lookBeside(): Promise<void> {
  const plan = { queue: "health", name: "test-beside", key: "", payload: {}, maxAttempts: 1, delayMs: 0 } as const;
  const origin = { installationId: null, deliveryGuid: null, traceId: null, now: clock.now() };
  const [planned] = await planJobs(store.sql, [plan], origin);
  const done = "SELECT 1 FROM jobs WHERE id = $1 AND status = 'done'";
  await vi.waitFor(async () => expect(await store.sql.query(done, [planned?.id])).toHaveLength(1), { timeout: 20_000 });
}

test("two concurrent requests for a pass make one, and the next waits for its end", async () => {
  const github = await startGitHub();
  const gate = new Gate();
  const run = () =>
    startBeside(github, databaseUrl, {
      octokit: { fetch: gate.fetch },
      jobs: [beside],
      sweepMs: 100,
    });
  const apps = [await run(), await run()];
  const stores = [0, 1].map(() => openStore({ url: databaseUrl, poolSize: 2, applicationName: "companyos test" }));
  /** Each process asks several times, all at once. */
  const ask = () =>
    Promise.all([...stores, ...stores, ...stores].map((each) => requestHealthPass({ store: each, clock })));
  try {
    // The first one is the schedule's.
    await vi.waitFor(async () => expect(await passes("done")).toBeGreaterThan(0), { timeout: 30_000 });
    await untilFinished(store.sql, 30_000);
    const before = await passes("done");

    gate.close();
    await requestHealthPass({ store, clock });
    await vi.waitFor(() => expect(gate.under).toBe(1), { timeout: 20_000 });
    await ask();
    for (let look = 0; look < 3; look += 1) await lookBeside();
    expect([await passes("running"), await passes("waiting")]).toEqual([1, 1]);
    expect(gate.asked).toBe(1);

    gate.open();
    await untilFinished(store.sql, 30_000);
    expect((await passes("done")) - before).toBe(2);
    expect([gate.asked, gate.most]).toEqual([2, 1]);
  } finally {
    gate.open();
    for (const app of apps) await app.close();
    for (const each of stores) await each.close();
    await github.close();
  }
});
