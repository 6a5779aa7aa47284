import { existsSync } from "node:fs";
import { loadEnvFile } from "node:process";
import { type Config, readConfig, secretValues } from "../config.js";
import { ConfigError } from "../errors.js";
import { createLog, type Log } from "../log.js";
import { explainDatabaseError } from "../store/database-error.js";
import { closingOnSignals } from "../store/embedded/closing-on-signals.js";
import { startEmbedded } from "../store/embedded/start.js";
import { pendingMigrations } from "../store/migrate.js";
import { openStore, type Store } from "../store/store.js";
import { useProxy } from "./proxy.js";

/**
 * Reads `.env` of the working directory, where there is one, and then the environment, which wins. From then on requests
 * go through the proxy that it names.
 */
export async function loadConfig(): Promise<Config> {
  if (existsSync(".env")) loadEnvFile(".env");
  const config = readConfig();
  await useProxy(config.proxy);
  return config;
}

/** The log of a command: warnings only, so that the command's own output can be read and piped. */
export function commandLog(level: string = "warn"): Log {
  return createLog({ level, secrets: secretValues(), destination: process.stderr });
}

/** The first that is asked of the database: whether it is there at all shows here. */
async function assertMigrated({ sql }: Store, url: string): Promise<void> {
  const pending = await pendingMigrations(sql).catch((error: unknown) => {
    throw explainDatabaseError(error, url);
  });
  if (pending.length === 0) return;
  throw new ConfigError([
    {
      variable: "DATABASE_URL",
      problem: `the database lacks ${pending.length} migrations`,
      remedy: "Run 'companyos-github migrate', or start the server, which applies them.",
    },
  ]);
}

/**
 * Opens the configured database for the time of `work`, starting the embedded one when there is none.
 * @throws ConfigError when there is no way to it, or migrations are pending.
 */
export function withStore<T>(config: Config, work: (store: Store, url: string) => Promise<T>): Promise<T> {
  return withDatabase(config, async (store, url) => {
    await assertMigrated(store, url);
    return work(store, url);
  });
}

/** The same, whatever state the database is in. Ctrl-C leaves no embedded server behind that nobody uses. */
export function withDatabase<T>(config: Config, work: (store: Store, url: string) => Promise<T>): Promise<T> {
  if (config.databaseUrl) return withStoreAt(config.databaseUrl, work);
  return closingOnSignals(
    startEmbedded({ dataDir: config.dataDir, log: commandLog() }),
    (embedded) => embedded.release(),
    ({ url }) => withStoreAt(url, work),
  );
}

async function withStoreAt<T>(url: string, work: (store: Store, url: string) => Promise<T>): Promise<T> {
  const store = openStore({ url, poolSize: 2, applicationName: "companyos-github cli" });
  try {
    return await work(store, url);
  } finally {
    await store.close();
  }
}
