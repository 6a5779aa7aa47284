// The real path of a web process, as it is shipped (dist): the inbox, its table, and the queue's wake-ups. Not run
// through tsx, which wraps every function that it compiles.
import { createInbox } from "../../../dist/inbox/inbox.js";
import { createInboxServer } from "../../../dist/inbox/server.js";
import { createLog } from "../../../dist/log.js";
import { openQueues } from "../../../dist/queue/open-queues.js";
import { poolSizeFor } from "../../../dist/store/pool-size.js";
import { openStore } from "../../../dist/store/store.js";
import { required, serve, serverOptions } from "../serve.ts";

const { secret, databaseUrl, redisUrl } = serverOptions();
const url = required(databaseUrl);
const log = createLog({ level: "info" });
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
