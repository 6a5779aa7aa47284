import { expect, test } from "vitest";
import { z } from "zod";
import { withDatabase } from "../../../test/support/database.js";
import { onBothBackends, POLL } from "../../../test/work/setting.js";
import type { Outcome } from "../../domain.js";
import { defineJob, planOf, registryOf } from "../../jobs/define-job.js";
import { workInTurn } from "../work-in-turn.js";
import { createLog } from "../../log.js";
import { claimFairest } from "../../store/jobs/claim-job.js";
import { planJobs } from "../../store/jobs/plan-jobs.js";
import type { Sql } from "../../store/store.js";
import type { Queues } from "../queues.js";

const database = await withDatabase({ poolSize: 10 });
const { sql } = database.store;
const clock = { now: () => new Date() };
const [A, B, C] = [1n, 2n, 3n];

onBothBackends(database, ({ open }) => {
  /** Every start, in order, and what lets one end. */
  function workshop() {
    const started: string[] = [];
    const ends = new Map<string, () => void>();
    const run = ({ name }: { name: string }): Promise<Outcome> => {
      started.push(name);
      return new Promise((resolve) => ends.set(name, () => resolve({ status: "done", reason: "ok" })));
    };
    const job = {
      payload: z.object({ name: z.string() }),
      attempts: 1,
      key: ({ name }: { name: string }) => name,
      run,
    };
    const review = defineJob({ ...job, name: "review", queue: "agents" });
    const command = defineJob({ ...job, name: "command", queue: "agents", class: "live" });
    const registry = registryOf([review, command]);
    const plan = async (
      queues: Queues,
      installationId: bigint,
      names: readonly string[],
      of = review,
    ): Promise<void> => {
      const plans = names.map((name) => planOf(registry, { name: of.name, payload: { name } }));
      const origin = { installationId, deliveryGuid: null, traceId: null, now: new Date() };
      await queues.add((await planJobs(sql, plans, origin)).map(({ wakeUp }) => wakeUp));
    };
    const worker = async (concurrency: number): Promise<Queues> => {
      const queues = open();
      const unused = (): never => {
        throw new Error("not used here");
      };
      const work = workInTurn({
        store: database.store,
        reader: unused,
        writer: unused,
        clock,
        log: createLog({ level: "silent" }),
        registry,
        wake: (wakeUps) => queues.add(wakeUps),
        random: () => 0,
        token: () => crypto.randomUUID(),
        leaseMs: 5_000,
        queue: "agents",
        concurrency,
      });
      await queues.work("agents", { concurrency }, ([id = "0"], signal, closing) => work(BigInt(id), signal, closing));
      return queues;
    };
    /** Ends whatever runs until nothing is left. */
    const endAll = async (): Promise<void> => {
      const left = async () => {
        for (const end of ends.values()) end();
        const [row] = await sql.query("SELECT count(*)::int AS n FROM jobs WHERE status IN ('waiting', 'running')");
        return row?.["n"];
      };
      await expect.poll(left, POLL).toBe(0);
    };
    return { started, command, plan, worker, endAll, end: (name: string) => ends.get(name)?.() };
  }
  const names = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}${n + 1}`);

  test("one installation's flood leaves a slot to another, whose work begins at once", async () => {
    const { started, command, plan, worker, endAll } = workshop();
    const queues = await worker(3);
    await plan(queues, A, names("a", 40));
    await expect.poll(() => started.length, POLL).toBe(2);
    await plan(queues, B, ["b"]);
    await expect.poll(() => started.length, POLL).toBe(3);
    expect(started[2]).toBe("b");
    await plan(queues, C, ["/help"], command);
    await endAll();
    // Of 42 that begin, the others' two are among the first five.
    expect(started.slice(0, 5)).toContain("/help");
    expect(started.toSorted()).toEqual([...names("a", 40), "b", "/help"].toSorted());
  });

  test("installations take turns, and requested work comes first within its own", async () => {
    const { started, command, plan, worker, endAll } = workshop();
    const producer = open();
    await plan(producer, A, names("a", 6));
    await plan(producer, B, names("b", 2));
    await plan(producer, C, ["c1"]);
    await plan(producer, A, ["/help"], command);
    await worker(1);
    await endAll();
    expect(started).toEqual(["/help", "b1", "c1", "a1", "b2", "a2", "a3", "a4", "a5", "a6"]);
  });

  test("one wake-up is enough for all due work", async () => {
    const { started, plan, worker, endAll } = workshop();
    const lost = open();
    await plan({ ...lost, add: () => Promise.resolve() }, A, names("a", 8));
    const queues = await worker(2);
    await plan(queues, B, ["b1"]);
    await endAll();
    expect(started).toHaveLength(9);
  });
});

/** Jobs of `tenants` installations, `each` for each of them, all due. */
async function fillTenants(tenants: number, each: number): Promise<void> {
  await sql.query("TRUNCATE jobs RESTART IDENTITY");
  await sql.query(
    `INSERT INTO jobs (installation_id, queue, name, key, payload, max_attempts, run_at)
     SELECT t, 'agents', 'review', gen_random_uuid()::text, '{}', 1, now() - interval '1 minute'
     FROM generate_series(1, $1::int) t, generate_series(1, $2::int)`,
    [tenants, each],
  );
  await sql.query("ANALYZE jobs");
}

test("fifty installations with work each get one turn before any gets a second one", async () => {
  await fillTenants(50, 3);
  const served: bigint[] = [];
  for (let n = 0; n < 50; n += 1) {
    const request = { queue: "agents", token: "t", now: new Date(), leaseMs: 60_000, served, full: [] } as const;
    const job = await claimFairest(sql, request);
    served.push(job?.installation_id ?? 0n);
  }
  expect(new Set(served).size).toBe(50);
  const full = served.slice(0, 49);
  const request = { queue: "agents", token: "t", now: new Date(), leaseMs: 60_000, served, full } as const;
  expect((await claimFairest(sql, request))?.installation_id).toBe(served[49]);
});

test("a claim's reads do not grow with the backlog", async () => {
  const Plans = z.array(z.object({ Plan: z.object({ "Shared Hit Blocks": z.number() }) }));
  const buffers = async (): Promise<number> => {
    let read = 0;
    const explaining: Sql = {
      query: async (text, values) => {
        const [row] = await sql.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, values);
        read += Plans.parse(row?.["QUERY PLAN"])[0]?.Plan["Shared Hit Blocks"] ?? 0;
        return [];
      },
    };
    const request = { queue: "agents", token: "t", now: new Date(), leaseMs: 1_000, served: [], full: [] } as const;
    expect(await claimFairest(explaining, request)).toBeNull();
    return read;
  };
  const fill = (count: number): Promise<unknown> =>
    sql.query(
      `INSERT INTO jobs (installation_id, queue, name, key, payload, max_attempts, run_at)
       SELECT 1 + n % 4, 'agents', 'review', gen_random_uuid()::text, '{}', 1, now() - interval '1 minute'
       FROM generate_series(1, $1::int) n`,
      [count],
    );
  await sql.query("TRUNCATE jobs RESTART IDENTITY");
  await fill(400);
  await sql.query("ANALYZE jobs");
  const small = await buffers();
  await fill(20_000);
  await sql.query("ANALYZE jobs");
  expect(await buffers()).toBeLessThan(small * 3);
  await fillTenants(1_000, 10);
  // Sixteen installations are compared, where four had work before.
  expect(await buffers()).toBeLessThan(small * 12);
});
