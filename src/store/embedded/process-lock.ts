import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { addEntry, liveEntries } from "./entries.js";

const POLL_MS = 15;

/**
 * Runs `work` while no other process or caller holds the lock of that directory. Lamport's bakery algorithm over files:
 * each caller takes a number one higher than the highest it sees and waits for all lower ones. No lock is ever taken
 * over: the entry of a killed holder no longer counts, so two processes can never both replace a stale lock.
 * @throws Error when the lock is not acquired within `timeoutMs`.
 */
export async function withProcessLock<T>(directory: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
  const id = randomBytes(8).toString("hex");
  const deadline = Date.now() + timeoutMs;
  const ticket = draw(directory, id);
  try {
    while (!isFirst(directory, id)) {
      if (Date.now() > deadline) throw new Error(`another process has held ${directory} for ${timeoutMs} ms`);
      await delay(POLL_MS);
    }
    return await work();
  } finally {
    rmSync(ticket, { force: true });
  }
}

function draw(directory: string, id: string): string {
  const choosing = addEntry(directory, "choosing", 0, id);
  try {
    const highest = Math.max(0, ...liveEntries(directory, "ticket").map((entry) => entry.number));
    return addEntry(directory, "ticket", highest + 1, id);
  } finally {
    rmSync(choosing, { force: true });
  }
}

/**
 * Reads the choosing processes before the tickets: one that finished choosing in between then appears with a ticket.
 */
function isFirst(directory: string, id: string): boolean {
  if (liveEntries(directory, "choosing").length > 0) return false;
  const tickets = [...liveEntries(directory, "ticket")];
  tickets.sort((a, b) => a.number - b.number || (a.id < b.id ? -1 : 1));
  return tickets[0]?.id === id;
}
