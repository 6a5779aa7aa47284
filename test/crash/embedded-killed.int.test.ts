import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";
import { startGitHub } from "../../simulator/index.js";
import { startBeside } from "../support/app.js";
import { post } from "../support/inbox.js";

const POLL = { timeout: 60_000, interval: 250 };

test("restarts a killed embedded PostgreSQL on its port, and work continues", { timeout: 180_000 }, async () => {
  const github = await startGitHub();
  onTestFinished(() => github.close());
  const dataDir = mkdtempSync(join(tmpdir(), "companyos-killed-"));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const app = await startBeside(github, "", { env: { DATABASE_URL: undefined, DATA_DIR: dataDir }, sweepMs: 500 });
  onTestFinished(() => app.close());
  const deliver = () =>
    post(Number(new URL(app.url ?? "").port), {
      event: "star",
      body: '{"action":"created"}',
      secret: github.webhookSecret,
    });
  const statuses = async () => {
    const client = new Client({ connectionString: app.databaseUrl });
    client.on("error", () => undefined);
    await client.connect();
    try {
      return (await client.query<{ status: string }>("SELECT status FROM deliveries ORDER BY id")).rows.map(
        (row) => row.status,
      );
    } finally {
      await client.end();
    }
  };
  const lockFile = join(dataDir, "postgres/server/cluster/postmaster.pid");
  const pid = () => Number(readFileSync(lockFile, "utf8").split("\n")[0]);

  const replaced = (killed: number): boolean => existsSync(lockFile) && pid() !== killed;

  expect((await deliver()).status).toBe(202);
  await expect.poll(statuses, POLL).toEqual(["skipped"]);
  for (let kill = 1; kill <= 2; kill += 1) {
    const killed = pid();
    process.kill(killed, "SIGKILL");
    // Its backends end only when they look up: until then one of them may store what it is given.
    await expect.poll(() => replaced(killed), POLL).toBe(true);
    await expect.poll(async () => (await deliver().catch(() => null))?.status, POLL).toBe(202);
    await expect.poll(statuses, POLL).toEqual(Array(kill + 1).fill("skipped"));
  }
  expect((await fetch(`${app.url ?? ""}/readyz`)).status).toBe(200);
});
