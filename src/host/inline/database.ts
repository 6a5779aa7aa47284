import type { Config } from "../../config.js";
import type { Log } from "../../log.js";
import { withTemporary } from "../../store/embedded/temporary.js";
import { migrate } from "../../store/migrate.js";
import { openStore, type Store } from "../../store/store.js";

/**
 * Runs `work` with the configured database, or with an embedded one in a temporary folder that is deleted afterwards.
 */
export async function withDatabase<T>(config: Config, log: Log, work: (store: Store) => Promise<T>): Promise<T> {
  if (config.databaseUrl) return withUrl(config.databaseUrl, log, work);
  return withTemporary({ prefix: "companyos-inline-", log }, (url) => withUrl(url, log, work));
}

async function withUrl<T>(url: string, log: Log, work: (store: Store) => Promise<T>): Promise<T> {
  await migrate(url, { log });
  const store = openStore({ url, poolSize: 4, applicationName: "companyos-github inline" });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
