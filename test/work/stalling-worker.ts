import { createLog } from "../../src/log.js";
import { openQueues } from "../../src/work/open-queues.js";

/** A worker process that takes one wake-up, says so, and never ends it: made to be killed. */
const [databaseUrl = "", namespace = "", redisUrl = ""] = process.argv.slice(2);
const log = createLog({ level: "silent" });
const queues = openQueues({ databaseUrl, namespace, redisUrl: redisUrl || undefined, lockMs: 1_000, log });
await queues.work("agents", { concurrency: 1 }, (ids) => {
  process.stdout.write(`took ${ids.join()}\n`);
  return new Promise(() => undefined);
});
