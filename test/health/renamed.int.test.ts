import { expect, test } from "vitest";
import { healthPass } from "../../src/jobs/health/pass.js";
import { withDatabase } from "../support/database.js";
import { healthSetting } from "./setting.js";

const database = await withDatabase();

test("reads a renamed account again once, without a delivery about it", async () => {
  const { github, pass } = await healthSetting(database.store, { accounts: 2 });
  try {
    const planned = () =>
      database.store.sql.query("SELECT installation_id, status FROM jobs WHERE name = 'access' ORDER BY id");
    const look = () => healthPass(pass, new AbortController().signal);
    await look();
    expect(await planned()).toEqual([]);
    await github.control.apply("renameAccount", { login: "acme-1", to: "acme-inc" });
    await look();
    await look();
    const [renamed] = await database.store.sql.query("SELECT id FROM installations WHERE account_login = 'acme-1'");
    expect(await planned()).toEqual([{ installation_id: renamed?.["id"], status: "waiting" }]);
  } finally {
    await github.close();
  }
});
