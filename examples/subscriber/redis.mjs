// Reads events from the Redis stream as one member of a group: several processes share the work.
//   EVENTS_REDIS_URL=redis://localhost node examples/subscriber/redis.mjs
import { hostname } from "node:os";
import { Redis } from "ioredis";

const KEY = "companyos:events";
const GROUP = "example-subscriber";
const redis = new Redis(process.env.EVENTS_REDIS_URL ?? "redis://localhost");
await redis.xgroup("CREATE", KEY, GROUP, "$", "MKSTREAM").catch((error) => {
  if (!String(error).includes("BUSYGROUP")) throw error;
});

const stopping = new AbortController();
process.once("SIGINT", () => {
  stopping.abort();
  redis.disconnect();
});

// First what this member had taken and not finished, then what is new.
for (let from = "0"; !stopping.signal.aborted;) {
  const read = await redis
    .xreadgroup("GROUP", GROUP, hostname(), "COUNT", 50, "BLOCK", 5000, "STREAMS", KEY, from)
    .catch((error) => {
      if (!stopping.signal.aborted) throw error;
      return null;
    });
  const entries = read?.[0]?.[1] ?? [];
  if (from === "0" && entries.length === 0) from = ">";
  for (const [id, fields] of entries) {
    const event = JSON.parse(fields[fields.indexOf("event") + 1]);
    console.log(event.type, event.subject ?? event.source, event.id);
    await redis.xack(KEY, GROUP, id);
  }
}
