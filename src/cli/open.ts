import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { loadEnvFile } from "node:process";
import { type Config, readConfig, secretValues } from "../config.js";
import { ConfigError } from "../errors.js";
import { createLog, type Log } from "../log.js";
import { explainDatabaseError, explainSqlError } from "../store/database-error.js";
import { closingOnSignals } from "../store/embedded/closing-on-signals.js";
import { startEmbedded } from "../store/embedded/start.js";
import { hasEmbedded } from "../store/embedded/place.js";
import { assertNotNewer, migrationState } from "../store/migrations.js";
import { withoutPassword } from "../store/database-url.js";
import { openStore, type Store } from "../store/store.js";
import { errorColours } from "./output.js";
import { useProxy } from "./proxy.js";

/**
 * Reads `.env` of the working directory, if it exists, and then the environment, which wins. From then on requests use
 * the configured proxy.
 */
export async function loadConfig(): Promise<Config> {
  if (existsSync(".env")) loadEnvFile(".env");
  const config = readConfig();
  await useProxy(config.proxy);
  return config;
}

/** The log of a command: warnings only, so that the command's own output can be read and piped. */
export function commandLog(level: string = "warn"): Log {
  const { stderr } = process;
  return createLog({
    level,
    secrets: secretValues(),
    destination: stderr,
    format: stderr.isTTY ? "pretty" : "json",
    colour: errorColours.isColorSupported,
  });
}

/** The first query of the database, which reveals an unreachable or unmigrated one. */
async function assertMigrated({ sql }: Store, url: string, where: string): Promise<void> {
  const { pending, newer } = await migrationState(sql).catch((error: unknown) => {
    throw explainDatabaseError(error, url);
  });
  assertNotNewer(newer, where);
  if (pending.length === 0) return;
  throw new ConfigError([
    {
      variable: "DATABASE_URL",
      problem: `${where} lacks ${pending.length} migrations of this version`,
      remedy:
        "If it is the right database, run 'companyos-github migrate', or start the server, which applies them. Otherwise correct DATABASE_URL.",
    },
  ]);
}

/** The work of a command with the open database. `where` names the database for people, without its password. */
type Work<T> = (store: Store, url: string, where: string) => Promise<T>;

/**
 * Opens the configured database for the duration of `work`, and starts the embedded server if none is configured.
 * Creates nothing, because a command in the wrong folder must not act on an empty database.
 * @throws ConfigError when the database is missing, unreachable, older than this version or newer.
 */
export function withStore<T>(config: Config, work: Work<T>): Promise<T> {
  return withDatabase(config, async (store, url, where) => {
    await assertMigrated(store, url, where);
    return work(store, url, where);
  });
}

/**
 * The same for a database in any state. `create`: creates a missing embedded database. Ctrl-C leaves no unused embedded
 * server behind.
 */
export function withDatabase<T>(config: Config, work: Work<T>, { create = false } = {}): Promise<T> {
  const where = databaseOf(config);
  if (config.databaseUrl) return withStoreAt(config.databaseUrl, (store, url) => work(store, url, where));
  if (!create && !hasEmbedded(config.dataDir)) return Promise.reject(missingDatabase(config));
  return closingOnSignals(
    startEmbedded({ dataDir: config.dataDir, log: commandLog() }),
    (embedded) => embedded.release(),
    ({ url }) => withStoreAt(url, (store) => work(store, url, where)),
  );
}

/** The configured database for people: its name and server, or the folder of the embedded one. */
export function databaseOf({ databaseUrl, dataDir }: Config): string {
  if (databaseUrl === undefined) return `the embedded database in ${resolve(dataDir)}`;
  return `the database ${withoutPassword(databaseUrl)}`;
}

export function missingDatabase({ dataDir }: Config): ConfigError {
  return new ConfigError([
    {
      variable: "DATABASE_URL",
      problem: `is not set, and ${resolve(dataDir)} (DATA_DIR) holds no embedded database`,
      remedy:
        "Run the command in the folder of the running app, or set DATABASE_URL or DATA_DIR as the app has them. 'companyos-github start' creates a new database.",
    },
  ]);
}

async function withStoreAt<T>(url: string, work: (store: Store, url: string) => Promise<T>): Promise<T> {
  const store = openStore({ url, poolSize: 2, applicationName: "companyos-github cli" });
  try {
    return await work(store, url);
  } catch (error) {
    throw explainSqlError(error, url);
  } finally {
    await store.close();
  }
}
