import { rmSync } from "node:fs";
import type { Config } from "../src/config.js";
import { explainDatabaseError } from "../src/store/database-error.js";
import { temporaryFolder } from "../src/store/embedded/temporary.js";
import { databaseName, onDatabase } from "../src/store/database-url.js";
import { dropDatabase, makeDatabase, scratchName } from "../test/support/scratch-database.js";

export interface DemoDatabase {
  /** What the app is told: a scratch database on the configured server, or a folder for the embedded one. */
  readonly settings: Pick<Config, "databaseUrl" | "dataDir">;
  readonly shown: string;
  remove(): Promise<void>;
}

/** A database for the time of the demo; nothing that exists is touched. */
export async function demoDatabase(config: Config): Promise<DemoDatabase> {
  if (config.databaseUrl) {
    const { databaseUrl: server, dataDir } = config;
    const name = scratchName("demo");
    await makeDatabase(server, name, "template1").catch((error: unknown) => {
      throw explainDatabaseError(error, server);
    });
    return {
      settings: { databaseUrl: onDatabase(server, name), dataDir },
      shown: `scratch database ${name} on the server of DATABASE_URL`,
      remove: () => dropDatabase(server, name),
    };
  }
  const dataDir = await temporaryFolder("companyos-demo-");
  return {
    settings: { databaseUrl: undefined, dataDir },
    shown: `embedded PostgreSQL in ${dataDir}`,
    remove: async () => rmSync(dataDir, { recursive: true, force: true }),
  };
}

/** For people to copy: the embedded database's password is the demo's own, that of a configured one its operator's. */
export function addressOf(url: string, { databaseUrl }: Pick<Config, "databaseUrl">): string {
  return databaseUrl ? `DATABASE_URL='<yours, with the database ${databaseName(url)}>'` : `DATABASE_URL='${url}'`;
}
