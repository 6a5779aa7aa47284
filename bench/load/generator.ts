import { randomUUID } from "node:crypto";
import { type Client, openClient } from "./client.js";
import { LoadOrder, type LoadResult } from "./orders.js";
import { createSigner } from "./signer.js";

// The load generator: a process of its own that takes one order after the other from its parent.
process.on("message", (message) => {
  void generate(LoadOrder.parse(message)).then((result) => process.send?.(result));
});

/** Sends for so many seconds; every request has a GUID and a body that no other has. */
async function generate(order: LoadOrder): Promise<LoadResult> {
  const clients = await Promise.all(Array.from({ length: order.connections }, () => openClient(order.port)));
  const next = requests(order);
  const started = performance.now();
  const until = started + order.seconds * 1_000;
  const latencies: number[] = [];
  let refused = 0;
  const sendOne = async (client: Client, due: number): Promise<void> => {
    const status = await client.send(next());
    latencies.push(performance.now() - due);
    if (status < 200 || status > 299) refused++;
  };
  if (order.rate === null) {
    const loop = async (client: Client): Promise<void> => {
      for (let now = performance.now(); now < until; now = performance.now()) await sendOne(client, now);
    };
    await Promise.all(clients.map(loop));
  } else {
    await onSchedule(clients, order.rate, started, until, sendOne);
  }
  const seconds = (performance.now() - started) / 1_000;
  for (const client of clients) client.close();
  latencies.sort((a, b) => a - b);
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return {
    answered: latencies.length,
    refused,
    seconds,
    perSecond: latencies.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
  };
}

/**
 * Open loop: a request is due at its time whether or not a connection is free. One that is overdue goes as soon as a
 * connection has its answer, as in the closed loop: a generator that waited for its timer would be what is measured.
 */
async function onSchedule(
  clients: readonly Client[],
  rate: number,
  started: number,
  until: number,
  sendOne: (client: Client, due: number) => Promise<void>,
): Promise<void> {
  const free = [...clients];
  const underWay = new Set<Promise<void>>();
  const dueAt = (index: number): number => started + (index * 1_000) / rate;
  let sent = 0;
  const isDue = (): boolean => dueAt(sent) <= performance.now() && dueAt(sent) < until;
  const sendWhatIsDue = async (client: Client): Promise<void> => {
    while (isDue()) await sendOne(client, dueAt(sent++));
    free.push(client);
  };
  while (dueAt(sent) < until) {
    while (isDue()) {
      const client = free.pop();
      if (!client) break;
      const work = sendWhatIsDue(client).finally(() => underWay.delete(work));
      underWay.add(work);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(underWay);
}

function requests(order: LoadOrder): () => readonly Buffer[] {
  const shared = Buffer.from(order.shared);
  const sign = createSigner(order.secret, shared);
  return () => {
    const guid = randomUUID();
    const rest = Buffer.from(`,"nonce":"${guid}"}`);
    const head =
      `POST ${order.path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n` +
      `content-length: ${shared.length + rest.length}\r\naccept: */*\r\nuser-agent: GitHub-Hookshot/bench\r\n` +
      `x-github-delivery: ${guid}\r\nx-github-event: ${order.event}\r\nx-github-hook-id: 1\r\n` +
      `x-github-hook-installation-target-id: 1\r\nx-github-hook-installation-target-type: integration\r\n` +
      `x-hub-signature-256: sha256=${sign(rest)}\r\n\r\n`;
    return [Buffer.from(head), shared, rest];
  };
}
