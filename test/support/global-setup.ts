import type { TestProject } from "vitest/node";
import { createLog, type Log } from "../../src/log.js";
import { openTemporary, type Temporary } from "../../src/store/embedded/temporary.js";
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

async function openServer(log: Log): Promise<Temporary> {
  const given = process.env["TEST_DATABASE_URL"] || process.env["DATABASE_URL"];
  if (given) return { url: given, close: async () => undefined };
  return openTemporary({ prefix: "companyos-test-", log });
}
