import { afterAll, inject } from "vitest";
import { onDatabase } from "../../src/store/database-url.js";
import { openStore, type Store } from "../../src/store/store.js";
import { dropDatabase, makeDatabase, scratchName } from "./scratch-database.js";

/** A database of one's own, migrated and empty. */
export interface TestDatabase {
  readonly url: string;
  readonly store: Store;
  /** Closes the store and drops the database. */
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** Connections of `store` at most; 5 unless given. */
  readonly poolSize?: number;
  /** false: no tables at all. */
  readonly migrated?: boolean;
}

/** Clones the run's migrated template, some 50 ms. The caller drops it; `withDatabase` does that by itself. */
export async function createDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const server = inject("databaseServer");
  const name = scratchName("test");
  await makeDatabase(server, name, options.migrated === false ? "template1" : inject("databaseTemplate"));
  const url = onDatabase(server, name);
  const store = openStore({ url, poolSize: options.poolSize ?? 5, applicationName: "companyos test" });
  return {
    url,
    store,
    async drop() {
      await store.close();
      await dropDatabase(server, name);
    },
  };
}

/** A database for this test file, dropped when the file's tests are done. Call it at the top of the file. */
export async function withDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const database = await createDatabase(options);
  afterAll(() => database.drop());
  return database;
}
