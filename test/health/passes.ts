import { afterEach, beforeEach } from "vitest";
import type { CheckName } from "../../src/health/reading.js";
import { type HealthPass, healthPass } from "../../src/jobs/health/pass.js";
import { readChecks } from "../../src/store/health/standings.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { healthSetting, type HealthSetting } from "./setting.js";

export const never = new AbortController().signal;

/** Passes over a setting that is new for each test, with a database of its own; `now` is that of the test that runs. */
export function passes() {
  let database: TestDatabase;
  let setting: HealthSetting;

  beforeEach(async () => {
    database = await createDatabase();
    setting = await healthSetting(database.store);
    // Time passes only where a test says so.
    setting.github.simulation.clock.stop(new Date());
  });

  afterEach(async () => {
    await setting.github.close();
    await database.drop();
  });

  const sql = (text: string, values: readonly unknown[] = []) => database.store.sql.query(text, values);

  /** A pass, five minutes after the last one. */
  async function look(more: Partial<HealthPass> = {}) {
    setting.github.simulation.clock.advance(300);
    return healthPass({ ...setting.pass, ...more }, never);
  }

  /** The states as stored: `app/queue` or `acme/quota`. */
  async function states(): Promise<Readonly<Record<string, string>>> {
    const checks = await readChecks(database.store.sql);
    return Object.fromEntries(
      checks.map(({ account, check, standing }) => [`${account ?? "app"}/${check}`, standing.level.state]),
    );
  }

  async function standing(name: CheckName, account: string | null = "acme") {
    const found = (await readChecks(database.store.sql)).find(
      (each) => each.check === name && each.account === account,
    );
    if (!found) throw new Error(`no ${name}`);
    return found.standing;
  }

  const alerts = () => sql("SELECT dedupe_key AS key, status, severity, reopened FROM alerts ORDER BY id");

  return { now: () => setting, sql, look, states, standing, alerts };
}
