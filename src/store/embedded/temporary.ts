import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Log } from "../../log.js";
import { closingOnSignals } from "./closing-on-signals.js";
import { startEmbedded, stopAbandoned } from "./start.js";

/** Younger folders may belong to a process that is just starting. */
const ABANDONED_MS = 600_000;

export interface TemporaryOptions {
  /** The prefix of the folder names, also of folders that killed processes left. */
  readonly prefix: string;
  readonly log: Log;
  /** Default false: the data may be lost with the machine. */
  readonly durable?: boolean;
}

export interface Temporary {
  readonly url: string;
  /** Stops the server and deletes its folder. Idempotent. */
  close(): Promise<void>;
}

/** Creates a folder in the system's temporary folder, after deleting abandoned ones with the same prefix. */
export async function temporaryFolder(prefix: string): Promise<string> {
  await removeAbandoned(prefix, ABANDONED_MS);
  return mkdtempSync(join(tmpdir(), prefix));
}

/** Stops servers and deletes folders that killed processes left. */
export async function removeAbandoned(prefix: string, olderThanMs: number): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const directory = join(tmpdir(), name);
    const found = statSync(directory, { throwIfNoEntry: false });
    if (!found?.isDirectory() || found.uid !== process.getuid?.()) continue;
    if (Date.now() - found.birthtimeMs < olderThanMs) continue;
    if (await stopAbandoned(directory)) rmSync(directory, { recursive: true, force: true });
  }
}

/** A separate PostgreSQL in a temporary folder. */
export async function openTemporary({ prefix, log, durable = false }: TemporaryOptions): Promise<Temporary> {
  const dataDir = await temporaryFolder(prefix);
  const remove = (): void => rmSync(dataDir, { recursive: true, force: true });
  try {
    const { url, release } = await startEmbedded({ dataDir, log, durable });
    let closed: Promise<void> | undefined;
    return { url, close: () => (closed ??= release().finally(remove)) };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Runs `work` with such a server; a signal that ends the process stops the server first. */
export function withTemporary<T>(options: TemporaryOptions, work: (url: string) => Promise<T>): Promise<T> {
  return closingOnSignals(
    openTemporary(options),
    (server) => server.close(),
    ({ url }) => work(url),
  );
}
