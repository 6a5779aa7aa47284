import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe } from "vitest";
import { persist } from "../../src/work/persist.js";
import { createLog } from "../../src/log.js";
import { migrateQueue } from "../../src/work/backend.js";
import { openQueues, type QueuesOptions } from "../../src/work/open-queues.js";
import type { Queues } from "../../src/work/queues.js";
import type { Sql } from "../../src/store/store.js";
import type { TestDatabase } from "../support/database.js";
import { redisAvailable, startRedis, type TestRedis } from "../support/redis.js";

export const POLL = { timeout: 15_000, interval: 20 };

const BACKENDS = [
  { backend: "postgres", available: true },
  { backend: "redis", available: redisAvailable },
] as const;

/** What a case sees of the backend that it runs on. */
export interface QueueSetting {
  readonly backend: "postgres" | "redis";
  /** Where the queues of this case are. */
  where(): { readonly databaseUrl: string; readonly redisUrl: string | undefined; readonly namespace: string };
  /** The queues, as a process of their own has them; closed after the case. */
  open(more?: Partial<QueuesOptions>): Queues;
  /** Everything that the queue knows is gone. */
  loseEverything(): Promise<void>;
}

/** One list of cases over both backends; each case finds no job, and has a namespace of its own. */
export function onBothBackends({ url, store }: TestDatabase, cases: (setting: QueueSetting) => void): void {
  const { sql } = store;
  let redis: TestRedis | undefined;
  beforeAll(async () => {
    if (redisAvailable) redis = await startRedis();
  });
  afterAll(() => redis?.stop());

  for (const { backend, available } of BACKENDS) {
    describe.skipIf(!available)(`queues on ${backend}`, () => {
      let namespace = "";
      let count = 0;
      let opened: Queues[] = [];
      const where = () => ({ databaseUrl: url, redisUrl: backend === "redis" ? redis?.url : undefined, namespace });

      beforeEach(async () => {
        namespace = `test_${backend}_${++count}`;
        if (backend === "postgres") await migrateQueue(url, namespace);
        await sql.query("TRUNCATE jobs RESTART IDENTITY");
      });
      afterEach(async () => {
        const closing = opened;
        opened = [];
        await Promise.all(closing.map((queues) => queues.close()));
      });

      cases({
        backend,
        where,
        open(more = {}) {
          const log = createLog({ level: "silent" });
          const queues = openQueues({ ...where(), log, lockMs: 1_000, patienceMs: 2_000, ...more });
          opened.push(queues);
          return queues;
        },
        loseEverything: () => (backend === "postgres" ? emptySchema(sql, namespace) : emptyRedis(redis?.url ?? "")),
      });
    });
  }
}

async function emptySchema(sql: Sql, schema: string): Promise<void> {
  const text = "SELECT tablename FROM pg_tables WHERE schemaname = $1 AND tablename <> 'migration'";
  const rows = await sql.query(text, [schema]);
  const tables = rows.map((row) => `"${schema}"."${String(row["tablename"])}"`).join(", ");
  // Workers that hold the same tables in another order may be chosen over this statement.
  await persist(async () => void (await sql.query(`TRUNCATE ${tables}`)));
}

async function emptyRedis(url: string): Promise<void> {
  const client = new Redis(url);
  await client.flushall();
  client.disconnect();
}

/** The jobs of `agents` that wait, run and are delayed. */
export async function agentsOf(queues: Queues): Promise<readonly number[]> {
  const { waiting, active, delayed } = (await queues.counts()).agents;
  return [waiting, active, delayed];
}
