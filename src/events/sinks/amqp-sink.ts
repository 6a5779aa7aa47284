import amqp, { type ChannelModel, type ConfirmChannel } from "amqplib";
import { messageOf, NetworkError } from "../../errors.js";
import type { OutgoingEvent } from "../cloud-event.js";
import type { EventSink } from "../sink.js";

export interface AmqpSinkOptions {
  /** With its password: a secret. */
  readonly url: string;
  /** A durable topic exchange; created if it does not exist. */
  readonly exchange: string;
  /** How long the broker may take to connect, and to confirm messages (ms). */
  readonly patienceMs?: number;
}

interface Open {
  readonly connection: ChannelModel;
  readonly channel: ConfirmChannel;
  /** Rejects when the connection or the channel ends. */
  readonly ended: Promise<never>;
}

const PATIENCE_MS = 20_000;

/**
 * Publishes to RabbitMQ: persistent messages to a topic exchange, each with the event's topic as its routing key. An
 * event counts as sent when the broker has confirmed it and all before it.
 */
export function amqpSink({ url, exchange, patienceMs = PATIENCE_MS }: AmqpSinkOptions): EventSink {
  let current: Open | null = null;

  const drop = async (): Promise<void> => {
    const open = current;
    current = null;
    await open?.connection.close().catch(() => undefined);
  };

  const connect = async (): Promise<Open> => {
    const connection = await amqp.connect(url, {
      timeout: patienceMs,
      clientProperties: { connection_name: "companyos-github" },
    });
    const ended = new Promise<never>((_, reject) => {
      const end = (error?: Error): void => {
        if (current?.connection === connection) current = null;
        reject(new NetworkError(`RabbitMQ closed the connection${error ? `: ${messageOf(error)}` : ""}`));
      };
      connection.on("error", end);
      connection.on("close", end);
    });
    ended.catch(() => undefined);
    const channel = await connection.createConfirmChannel();
    channel.on("error", () => void drop());
    await channel.assertExchange(exchange, "topic", { durable: true });
    return { connection, channel, ended };
  };

  return {
    name: "amqp",
    most: 500,
    givesUp: false,
    async send(events, accepted, signal) {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
      try {
        current ??= await connect();
        await Promise.race([publish(current.channel, exchange, events, accepted), current.ended, aborted(limit)]);
      } catch (error) {
        await drop();
        throw error instanceof NetworkError ? error : new NetworkError(`RabbitMQ: ${messageOf(error)}`);
      }
    },
    close: drop,
  };
}

/** Publishes all; calls `accepted` in order as confirmations arrive. Rejects when the broker refuses one. */
function publish(
  channel: ConfirmChannel,
  exchange: string,
  events: readonly OutgoingEvent[],
  accepted: (event: OutgoingEvent) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const confirmed = new Set<number>();
    let next = 0;
    const confirm = (index: number): void => {
      confirmed.add(index);
      for (let event = events[next]; event && confirmed.has(next); event = events[next]) {
        accepted(event);
        next += 1;
      }
      if (next === events.length) resolve();
    };
    for (const [index, event] of events.entries())
      channel.publish(
        exchange,
        event.topic,
        Buffer.from(event.json),
        {
          persistent: true,
          contentType: "application/cloudevents+json",
          messageId: event.id,
          type: event.type,
        },
        (error: unknown) => (error ? reject(new NetworkError("RabbitMQ did not confirm an event")) : confirm(index)),
      );
  });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => reject(new NetworkError("RabbitMQ did not confirm the events in time"));
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}
