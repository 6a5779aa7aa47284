import { createInbox } from "../../../src/inbox/inbox.js";
import { createInboxServer } from "../../../src/inbox/server.js";
import { createLog } from "../../../src/log.js";
import { openQueues } from "../../../src/queue/open-queues.js";
import { poolSizeFor } from "../../../src/store/pool-size.js";
import { openStore } from "../../../src/store/store.js";
import { required, serve, serverOptions } from "../serve.js";

// The real path of a web process: the inbox, its table, and the queue's wake-ups.
const { secret, databaseUrl, redisUrl } = serverOptions();
const url = required(databaseUrl);
const log = createLog({ level: "warn" });
const store = openStore({ url, poolSize: poolSizeFor("web"), applicationName: "bench ours" });
const queues = openQueues({ databaseUrl: url, redisUrl: redisUrl ?? undefined, log });
const inbox = createInbox({
  store,
  secrets: [secret],
  wake: (ids) => queues.wake(ids),
  clock: { now: () => new Date() },
  log,
});

serve(createInboxServer(inbox, (_request, response) => response.writeHead(404).end()));
