import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { createLog, type Log } from "../../src/log.js";
import { startEmbedded, stopAbandoned } from "../../src/store/embedded/start.js";
import { migrate } from "../../src/store/migrate.js";
import { onDatabase } from "../../src/store/database-url.js";
import { dropDatabase, scratchName } from "./scratch-database.js";

declare module "vitest" {
  export interface ProvidedContext {
    /** The server that this run's scratch databases are made on. */
    readonly databaseServer: string;
    /** A migrated, empty database to clone; nobody connects to it. */
    readonly databaseTemplate: string;
  }
}

/**
 * One PostgreSQL for the whole run: that of TEST_DATABASE_URL or DATABASE_URL (scratch databases beside the named one),
 * else an embedded one in a temporary folder, without fsync. Afterwards nothing of it is left.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const log = createLog({ level: "warn" });
  const server = await openServer(log);
  const template = scratchName("template");
  try {
    await migrate(onDatabase(server.url, template), { log });
  } catch (error) {
    await server.close();
    throw error;
  }
  project.provide("databaseServer", server.url);
  project.provide("databaseTemplate", template);
  return async () => {
    await dropDatabase(server.url, template);
    await server.close();
  };
}

const PREFIX = "companyos-test-";
/** Younger folders may belong to a run that is just starting. */
const ABANDONED_MS = 600_000;

/** Ends and removes what runs left that were killed before they could. */
async function removeAbandoned(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const directory = join(tmpdir(), name);
    const { uid, birthtimeMs } = statSync(directory);
    if (uid !== process.getuid?.() || Date.now() - birthtimeMs < ABANDONED_MS) continue;
    if (await stopAbandoned(directory)) rmSync(directory, { recursive: true, force: true });
  }
}

async function openServer(log: Log): Promise<{ readonly url: string; close(): Promise<void> }> {
  const given = process.env["TEST_DATABASE_URL"] || process.env["DATABASE_URL"];
  if (given) return { url: given, close: async () => undefined };
  await removeAbandoned();
  const dataDir = mkdtempSync(join(tmpdir(), PREFIX));
  const embedded = await startEmbedded({ dataDir, log, durable: false });
  return {
    url: embedded.url,
    async close() {
      await embedded.release();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
