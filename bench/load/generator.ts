import { openClient } from "./client.js";
import { LoadOrder, type LoadResult } from "./orders.js";
import { createRequests } from "./request.js";

// The load generator: a process of its own that takes one order after the other from its parent.
process.on("message", (message) => {
  void generate(LoadOrder.parse(message)).then((result) => process.send?.(result));
});

/** Sends the next request of one connection. @returns the answer's status. */
type Send = () => Promise<number>;

/** Sends for so many seconds. */
async function generate(order: LoadOrder): Promise<LoadResult> {
  const clients = await Promise.all(Array.from({ length: order.connections }, () => openClient(order.port)));
  const open = createRequests(order);
  const sends = clients.map((client): Send => {
    const next = open();
    return () => client.send(next());
  });
  const started = performance.now();
  const until = started + order.seconds * 1_000;
  const latencies: number[] = [];
  let refused = 0;
  const sendOne = async (send: Send, due: number): Promise<void> => {
    const status = await send();
    latencies.push(performance.now() - due);
    if (status < 200 || status > 299) refused++;
  };
  if (order.rate === null) {
    const loop = async (send: Send): Promise<void> => {
      for (let now = performance.now(); now < until; now = performance.now()) await sendOne(send, now);
    };
    await Promise.all(sends.map(loop));
  } else {
    await onSchedule(sends, order.rate, started, until, sendOne);
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
  sends: readonly Send[],
  rate: number,
  started: number,
  until: number,
  sendOne: (send: Send, due: number) => Promise<void>,
): Promise<void> {
  const free = [...sends];
  const underWay = new Set<Promise<void>>();
  const dueAt = (index: number): number => started + (index * 1_000) / rate;
  let sent = 0;
  const isDue = (): boolean => dueAt(sent) <= performance.now() && dueAt(sent) < until;
  const sendWhatIsDue = async (send: Send): Promise<void> => {
    while (isDue()) await sendOne(send, dueAt(sent++));
    free.push(send);
  };
  while (dueAt(sent) < until) {
    while (isDue()) {
      const send = free.pop();
      if (!send) break;
      const work = sendWhatIsDue(send).finally(() => underWay.delete(work));
      underWay.add(work);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(underWay);
}
