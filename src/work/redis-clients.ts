import { Redis, type RedisOptions } from "ioredis";

/**
 * Every connection to Redis that BullMQ uses, those that it duplicates for itself included. BullMQ closes by asking
 * Redis (QUIT), which waits for ever while Redis is away; whoever opened can always hang up.
 */
export interface RedisClients {
  open(options: Omit<RedisOptions, "replyMapping">): Redis;
  /** Hangs up at once, connected or not. */
  disconnect(): void;
}

export function redisClients(url: string): RedisClients {
  const clients = new Set<Redis>();
  const track = (client: Redis): void => {
    clients.add(client);
    // BullMQ reports errors while it uses the client; one that comes later concerns nobody.
    client.on("error", () => undefined);
    client.on("end", () => clients.delete(client));
  };
  class Tracked extends Redis {
    override duplicate(override?: Partial<RedisOptions>): Redis {
      const copy = super.duplicate(override);
      track(copy);
      return copy;
    }
  }
  return {
    open(options) {
      const client = new Tracked(url, options);
      track(client);
      return client;
    },
    disconnect() {
      for (const client of clients) client.disconnect();
      clients.clear();
    },
  };
}
