import { createServer } from "node:http";
import { createHmac } from "node:crypto";
import amqp from "amqplib";
import { Redis } from "ioredis";
import { afterAll, describe, expect, test } from "vitest";
import { amqpSink } from "../../src/events/sinks/amqp-sink.js";
import { redisStreamSink } from "../../src/events/sinks/redis-stream-sink.js";
import { webhookSink } from "../../src/events/sinks/webhook-sink.js";
import { cursorStates } from "../../src/store/events/cursors.js";
import { freePort } from "../../src/store/embedded/free-port.js";
import { withDatabase } from "../support/database.js";
import { rabbitmqAvailable, startRabbitmq } from "../support/rabbitmq.js";
import { redisAvailable, startRedis } from "../support/redis.js";
import { clock, CloudEvent, plantDelivery, pullRequest, pumpOf, router, until } from "./setting.js";

const { store } = await withDatabase();

async function plant(count: number): Promise<readonly string[]> {
  const guids: string[] = [];
  for (let n = 0; n < count; n += 1) guids.push(await plantDelivery(store.sql, { payload: pullRequest(1 + (n % 3)) }));
  const route = router(store);
  await until(
    async () => (await cursorStates(store.sql)).some((each) => each.name === "deliveries" && each.behind === 0),
    route,
  );
  return guids;
}

describe.skipIf(!rabbitmqAvailable)("RabbitMQ", () => {
  test("gets each event with its topic as routing key, in order, also those while the broker was killed", async () => {
    const rabbit = await startRabbitmq();
    try {
      const sink = amqpSink({ url: rabbit.url, exchange: "companyos.events", patienceMs: 5_000 });
      const pump = await pumpOf(store, sink);
      await pump();
      const consumer = await amqp.connect(rabbit.url);
      const channel = await consumer.createChannel();
      await channel.assertExchange("companyos.events", "topic", { durable: true });
      await channel.assertQueue("all", { durable: true });
      await channel.bindQueue("all", "companyos.events", "github.pull_request.*");
      await consumer.close();
      const before = await plant(30);
      expect(await pump()).toBe(true);

      await rabbit.kill();
      const meanwhile = await plant(30);
      expect(await pump()).toBe(false);
      const [state] = (await cursorStates(store.sql)).filter(({ name }) => name === "amqp");
      expect(state?.error).toMatch(/RabbitMQ/);
      await rabbit.start();
      await until(
        async () => (await cursorStates(store.sql)).some((each) => each.name === "amqp" && each.behind === 0),
        pump,
      );

      const again = await amqp.connect(rabbit.url);
      const reading = await again.createChannel();
      const got: { id: unknown; key: string; persistent: boolean; type: unknown }[] = [];
      for (let message = await reading.get("all"); message; message = await reading.get("all")) {
        const event = CloudEvent.parse(JSON.parse(message.content.toString()));
        expect(message.properties.messageId).toBe(event.id);
        got.push({
          id: event.id,
          key: message.fields.routingKey,
          persistent: message.properties.deliveryMode === 2,
          type: message.properties.contentType,
        });
        reading.ack(message);
      }
      await again.close();
      await sink.close();
      expect([...new Set(got.map(({ id }) => id))]).toEqual([...before, ...meanwhile]);
      expect(got[0]).toMatchObject({
        key: "github.pull_request.opened",
        persistent: true,
        type: "application/cloudevents+json",
      });
    } finally {
      await rabbit.stop();
    }
  });

  test("a broker that is not there is a reason in the cursor, without the password", async () => {
    const sink = amqpSink({ url: `amqp://me:hunter2hunter2@127.0.0.1:${await freePort()}`, exchange: "x" });
    const pump = await pumpOf(store, { ...sink, name: "nowhere" });
    await plant(1);
    expect(await pump()).toBe(false);
    const [state] = (await cursorStates(store.sql)).filter(({ name }) => name === "nowhere");
    expect(state?.error).toContain("ECONNREFUSED");
    expect(state?.error).not.toContain("hunter2");
  });
});

describe("a webhook", () => {
  const secret = `whsec_${Buffer.from("a secret of thirty-two bytes ...").toString("base64")}`;
  const received: { id: string; body: string; signature: string; timestamp: string }[] = [];
  let answer: (id: string) => number = () => 204;
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => (body += part));
    request.on("end", () => {
      const { "webhook-id": id, "webhook-signature": signature, "webhook-timestamp": timestamp } = request.headers;
      const status = answer(String(id));
      if (status < 300)
        received.push({ id: String(id), body, signature: String(signature), timestamp: String(timestamp) });
      response.writeHead(status).end();
    });
  });
  afterAll(() => void server.close());

  test("gets signed events in order, again after an error, and passes over one that it refuses for good", async () => {
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    const sink = webhookSink({ url: `http://127.0.0.1:${port}/hook`, secret, clock });
    const pump = await pumpOf(store, sink);
    const [first = "", second = "", third = "", fourth = ""] = await plant(4);
    let failures = 2;
    answer = (id) => (id === second && failures-- > 0 ? 503 : id === third ? 422 : 204);
    await until(
      async () => (await cursorStates(store.sql)).some((each) => each.name === "webhook" && each.behind === 0),
      pump,
    );

    expect(received.map(({ id }) => id)).toEqual([first, second, fourth]);
    for (const { id, body, signature, timestamp } of received) {
      const key = Buffer.from(secret.slice("whsec_".length), "base64");
      const expected = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
      expect(signature).toBe(`v1,${expected}`);
      expect(CloudEvent.parse(JSON.parse(body)).id).toBe(id);
    }
    const letters = await store.sql.query("SELECT sink, event_id, attempts, error FROM event_dead_letters");
    expect(letters).toMatchObject([{ sink: "webhook", event_id: third, attempts: 3 }]);
    expect(String(letters[0]?.["error"])).toContain("422");
  });
});

describe.skipIf(!redisAvailable)("a Redis stream", () => {
  test("gets each event in order, also those while Redis was away", async () => {
    const redis = await startRedis();
    const sink = redisStreamSink({ url: redis.url, key: "companyos:events" });
    try {
      const pump = await pumpOf(store, sink);
      const guids = await plant(25);
      await pump();
      const client = new Redis(redis.url);
      const entries = await client.xrange("companyos:events", "-", "+");
      client.disconnect();
      expect(entries.map(([, fields]) => fields[fields.indexOf("id") + 1])).toEqual(guids);
      const [, fields = []] = entries[0] ?? [];
      expect(CloudEvent.parse(JSON.parse(fields[fields.indexOf("event") + 1] ?? "")).id).toBe(guids[0]);
      await redis.stop();
      await plant(1);
      expect(await pump()).toBe(false);
      expect((await cursorStates(store.sql)).find(({ name }) => name === "redis")).toMatchObject({
        behind: 1,
        attempts: 1,
      });
    } finally {
      await sink.close();
      await redis.stop();
    }
  });
});
