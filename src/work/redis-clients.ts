import { Redis, type RedisOptions } from "ioredis";

/**
 * Every Redis connection of BullMQ, including the ones that it duplicates. BullMQ closes with QUIT, which waits forever
 * while Redis is unavailable; this class can disconnect at once.
 */
export interface RedisClients {
  open(options: Omit<RedisOptions, "replyMapping">): Redis;
  /** Disconnects at once, connected or not. */
  disconnect(): void;
}

export function redisClients(url: string): RedisClients {
  const clients = new Set<Redis>();
  const track = (client: Redis): void => {
    clients.add(client);
    // BullMQ reports errors of clients in use; later errors do not matter.
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
