import { Redis } from "ioredis";
import { messageOf, NetworkError } from "../../errors.js";
import type { EventSink } from "../sink.js";

export interface RedisStreamSinkOptions {
  /** With its password: a secret. */
  readonly url: string;
  readonly key: string;
  /** The approximate length of the stream. */
  readonly maxLength?: number;
}

const PATIENCE_MS = 10_000;

/** Adds each event to one Redis stream, as the fields `id`, `type`, `topic` and `event`, the envelope in JSON. */
export function redisStreamSink({ url, key, maxLength = 100_000 }: RedisStreamSinkOptions): EventSink {
  let redis: Redis | null = null;
  const drop = (): Promise<void> => {
    redis?.disconnect();
    redis = null;
    return Promise.resolve();
  };
  return {
    name: "redis",
    most: 200,
    givesUp: false,
    async send(events, accepted) {
      redis ??= connect(url);
      const trimmed = ["MAXLEN", "~", String(maxLength)];
      const commands = events.map(({ id, type, topic, json }) => {
        return ["xadd", key, ...trimmed, "*", "id", id, "type", type, "topic", topic, "event", json];
      });
      try {
        const results = (await redis.pipeline(commands).exec()) ?? [];
        for (const [index, event] of events.entries()) {
          const error = results[index]?.[0];
          if (error !== null) throw error ?? new Error("no answer to XADD");
          accepted(event);
        }
      } catch (error) {
        await drop();
        throw new NetworkError(`Redis: ${messageOf(error)}`);
      }
    },
    close: drop,
  };
}

function connect(url: string): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: 0,
    commandTimeout: PATIENCE_MS,
    connectTimeout: PATIENCE_MS,
    retryStrategy: () => null,
    connectionName: "companyos-github events",
  });
  // The failed command reports the error.
  redis.on("error", () => undefined);
  return redis;
}
