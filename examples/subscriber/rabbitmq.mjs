// Prints events of pull requests from RabbitMQ. A queue of its own keeps them while this program does not run.
//   EVENTS_AMQP_URL=amqp://localhost node examples/subscriber/rabbitmq.mjs
import amqp from "amqplib";

const EXCHANGE = process.env.EVENTS_AMQP_EXCHANGE ?? "companyos.events";
const connection = await amqp.connect(process.env.EVENTS_AMQP_URL ?? "amqp://localhost");
const channel = await connection.createChannel();
await channel.assertExchange(EXCHANGE, "topic", { durable: true });
const { queue } = await channel.assertQueue("example-subscriber", { durable: true });
await channel.bindQueue(queue, EXCHANGE, process.argv[2] ?? "github.pull_request.*");
await channel.prefetch(50);

/** An event can come twice. A real subscriber keeps the ids where it keeps its results. */
const seen = new Set();
await channel.consume(queue, (message) => {
  if (message === null) return;
  const event = JSON.parse(message.content.toString());
  if (!seen.has(event.id)) console.log(event.type, event.subject ?? event.source, event.id);
  seen.add(event.id);
  channel.ack(message);
});
process.once("SIGINT", () => void connection.close());
