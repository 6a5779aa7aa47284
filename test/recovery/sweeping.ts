import { afterEach, beforeEach } from "vitest";
import { recover } from "../../src/jobs/recovery/recover.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { recoverySetting, type RecoverySetting } from "./setting.js";

export const never = new AbortController().signal;

/** Sweeps of a setting that is new for each test, with a database of its own; `now` is that of the test that runs. */
export function sweeping() {
  let database: TestDatabase;
  let setting: RecoverySetting;
  beforeEach(async () => {
    database = await createDatabase();
    setting = await recoverySetting(database.store);
  });
  afterEach(async () => {
    await setting.close();
    await database.drop();
  });

  const faults = (on: object) => setting.github.control.run("faults", on);

  async function sweep(rules: Partial<RecoverySetting["recovery"]["rules"]> = {}) {
    const { recovery } = setting;
    const recovered = await recover({ ...recovery, rules: { ...recovery.rules, ...rules } }, never);
    await setting.github.control.run("idle", {});
    return recovered;
  }

  const ledger = (columns: string) => database.store.sql.query(`SELECT ${columns} FROM drift_ledger ORDER BY guid`);

  /** The organisation as a sync would have left it. */
  async function mirrored(): Promise<void> {
    const [installation] = setting.github.simulation.organisation.installations.values();
    const [repository] = setting.github.simulation.organisation.repositories.values();
    await database.store.sql.query(
      `INSERT INTO installations (id, account_login, account_type, updated_at, content_hash) VALUES ($1, 'acme', 'Organization', now(), '')`,
      [installation?.id],
    );
    await database.store.sql.query(
      `INSERT INTO repositories (id, installation_id, owner_login, name, full_name, updated_at, content_hash)
     VALUES ($1, $2, 'acme', 'site', 'acme/site', now(), '')`,
      [repository?.id, installation?.id],
    );
  }

  return { now: () => ({ setting, sql: database.store.sql }), faults, sweep, ledger, mirrored };
}
