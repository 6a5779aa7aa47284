import { beforeEach, describe, expect, it } from "vitest";
import { apply } from "../../simulator/organisation/apply.js";
import { drain } from "../../simulator/organisation/create.js";
import type { Installation } from "../../simulator/organisation/installation.js";
import type { Organisation } from "../../simulator/organisation/organisation.js";
import { InvalidError } from "../../src/errors.js";
import { registryOf } from "../../src/jobs/define-job.js";
import { JOBS } from "../../src/jobs/registry.js";
import { exportTenant } from "../../src/store/export-tenant.js";
import { TENANT_TABLES } from "../../src/store/facts/tenant-tables.js";
import { modelReader } from "../property/reader.js";
import { withDatabase } from "../support/database.js";
import { lifecycle, log, reason } from "./setting.js";

const DAY = 86_400;
const { store } = await withDatabase();
const { begin, clock, advance, deliver, deliverAll, later, runJobs, rows } = lifecycle(store);
let organisation: Organisation;
let installation: Installation;
beforeEach(async () => {
  ({ organisation, installation } = await begin());
});

describe("an installation", () => {
  it("is stored with its repositories' names at once, and in full once they are read", async () => {
    expect(await rows("repositories", "default_branch IS NULL")).toHaveLength(2);
    expect(await runJobs()).toBe(1);
    expect(await rows("repositories", "default_branch = 'main' AND access_removed_at IS NULL")).toHaveLength(2);
    expect(await rows("installations", "account_login = 'acme' AND suspended_at IS NULL")).toHaveLength(1);
  });

  it("that is unknown gets a row from a delivery's data", async () => {
    await store.sql.query("TRUNCATE installations");
    later(() => apply(organisation, "openIssue", { repository: "acme/one", title: "First" }));
    await deliverAll();
    expect(await rows("installations", `account_login = 'acme' AND id = ${installation.id}`)).toHaveLength(1);
  });

  it("stops at once when it is uninstalled: cancels waiting jobs, stores nothing of late deliveries", async () => {
    later(() => apply(organisation, "openIssue", { repository: "acme/one", title: "Late" }));
    const [late] = drain(organisation);
    expect(await rows("jobs", "status = 'waiting' AND name = 'access'")).toHaveLength(1);
    later(() => apply(organisation, "uninstall", { installation: installation.id }));
    const [uninstalled] = await deliverAll();
    expect(uninstalled?.outcome.jobs).toMatchObject([
      { name: "purge-tenant", key: String(installation.id), status: "planned" },
    ]);
    expect(await rows("jobs", "status = 'waiting'")).toMatchObject([{ name: "purge-tenant", installation_id: null }]);
    expect(await rows("jobs", "status = 'cancelled'")).toMatchObject([{ reason: "the app was uninstalled" }]);
    if (late === undefined) throw new Error("no delivery");
    const ignored = await deliver(late);
    expect(ignored).toMatchObject({ status: "skipped", outcome: { facts: [], reason: "the app was uninstalled" } });
    expect(await rows("issues")).toEqual([]);
  });

  it("that is uninstalled while deliveries are processed plans nothing afterwards", async () => {
    for (let number = 1; number <= 10; number += 1) {
      later(() => apply(organisation, "openIssue", { repository: "acme/one", title: `Issue ${number}` }));
    }
    const issues = drain(organisation);
    later(() => apply(organisation, "uninstall", { installation: installation.id }));
    const [uninstall] = drain(organisation);
    if (uninstall === undefined) throw new Error("no delivery");
    await Promise.all([...issues.slice(0, 5), uninstall, ...issues.slice(5)].map(deliver));
    expect(await rows("jobs", "status IN ('waiting', 'running') AND name <> 'purge-tenant'")).toEqual([]);
  });

  it("can be exported, and is purged after the grace period but for its name's absence", async () => {
    later(() => apply(organisation, "openIssue", { repository: "acme/one", title: "Kept", labels: ["bug"] }));
    later(() => apply(organisation, "push", { repository: "acme/one" }));
    await deliverAll();
    await store.sql.query(
      `INSERT INTO deliveries (guid, event, content_type, body_bytes, installation_id)
       VALUES ('kept', 'issues', 'application/json', 1, $1)`,
      [installation.id],
    );
    await store.sql.query("INSERT INTO delivery_bodies (guid, body) VALUES ('kept', '\\x4142')");
    later(() => apply(organisation, "uninstall", { installation: installation.id }));
    await deliverAll();

    const lines: string[] = [];
    const count = await exportTenant(store, BigInt(installation.id), async (line) => {
      lines.push(line);
    });
    expect(count).toBe(lines.length);
    const tables = new Set(lines.map((line) => /"table": ?"(\w+)"/.exec(line)?.[1]));
    for (const table of ["installations", "repositories", "issues", "issue_labels", "pushes", "commits", "users"]) {
      expect(tables, table).toContain(table);
    }
    expect(lines.find((line) => line.includes("delivery_bodies"))).toContain("QUI=");

    const purge = registryOf(JOBS).get("purge-tenant");
    const context = {
      jobId: 1n,
      installationId: null,
      deliveryGuid: null,
      tries: { attempt: 1, maxAttempts: 1 },
      store,
      github: () => modelReader(organisation, installation),
      effects() {
        throw new InvalidError("nothing is written");
      },
      plan() {
        throw new InvalidError("nothing is planned");
      },
      clock,
      log,
      signal: new AbortController().signal,
    };
    const payload = { installationId: installation.id };
    expect(await purge?.run(payload, context)).toEqual({ status: "skipped", reason: "the grace period is not over" });
    expect(await rows("issues")).toHaveLength(1);
    advance(31 * DAY);
    expect(await purge?.run(payload, context)).toMatchObject({ status: "done" });
    for (const { table } of TENANT_TABLES.filter(({ table }) => table !== "jobs")) {
      expect(await rows(table, `installation_id = ${installation.id}`), table).toEqual([]);
    }
    expect(await rows("delivery_bodies")).toEqual([]);
    expect(await rows("installations")).toMatchObject([{ account_login: "(deleted)", account_id: null }]);
    expect(await purge?.run(payload, context)).toMatchObject({ reason: "the rows were deleted before" });
  });

  it("does no work while it is suspended and catches up afterwards", async () => {
    await runJobs();
    later(() => apply(organisation, "suspendInstallation", { installation: installation.id }));
    const [suspended] = await deliverAll();
    expect(reason(suspended)).toBe("the installation is suspended; a sync follows when it is unsuspended");
    expect(await rows("installations", "suspended_at IS NOT NULL")).toHaveLength(1);
    later(() => apply(organisation, "unsuspendInstallation", { installation: installation.id }));
    const [unsuspended] = await deliverAll();
    expect(unsuspended?.outcome.jobs).toMatchObject([{ name: "access" }]);
    expect(await rows("installations", "suspended_at IS NULL")).toHaveLength(1);
    expect(await runJobs()).toBe(1);
  });

  it("counts as not suspended when both came in one second, until GitHub is asked", async () => {
    advance(1);
    apply(organisation, "suspendInstallation", { installation: installation.id });
    apply(organisation, "unsuspendInstallation", { installation: installation.id });
    const [, unsuspended] = await deliverAll();
    expect(unsuspended?.outcome.facts).toContainEqual({ entity: "installation", key: "acme", result: "tie" });
    expect(await rows("installations", "suspended_at IS NULL")).toHaveLength(1);
  });

  it("catches up when new permissions are accepted", async () => {
    await runJobs();
    later(() =>
      apply(organisation, "acceptPermissions", { installation: installation.id, permissions: { issues: "write" } }),
    );
    const [accepted] = await deliverAll();
    expect(accepted?.outcome.jobs).toMatchObject([{ name: "access" }]);
    expect(await rows("installations")).toMatchObject([{ permissions: { issues: "write" } }]);
  });

  it("that is installed again has its repositories' rows at once, before its access is read", async () => {
    await runJobs();
    later(() => apply(organisation, "openPull", { repository: "acme/one", title: "Before", labels: ["bug"] }));
    await deliverAll();
    later(() =>
      apply(organisation, "removeRepositories", { installation: installation.id, repositories: ["acme/one"] }),
    );
    later(() => apply(organisation, "uninstall", { installation: installation.id }));
    await deliverAll();
    const again = later(() => apply(organisation, "install", {}));
    later(() => apply(organisation, "addComment", { repository: "acme/one", number: 1, body: "After" }));
    const deliveries = await deliverAll();
    expect(deliveries.at(-1)?.status).toBe("processed");
    expect(await rows("repositories", "name = 'one'")).toMatchObject([
      { installation_id: String(again.id), access_removed_at: null },
    ]);
    for (const table of ["pull_requests", "pull_request_labels", "issue_comments", "commits"]) {
      expect(await rows(table, `installation_id <> ${again.id}`), table).toEqual([]);
    }
    expect(await rows("repositories", `name = 'two' AND installation_id = ${installation.id}`)).toHaveLength(1);
    await runJobs(again);
    expect(await rows("repositories", `installation_id <> ${again.id}`)).toEqual([]);
  });

  it("loses and gains repositories", async () => {
    await runJobs();
    const both = { installation: installation.id, repositories: ["acme/one"] };
    later(() => apply(organisation, "removeRepositories", both));
    await deliverAll();
    expect(await rows("repositories", "access_removed_at IS NOT NULL")).toMatchObject([{ full_name: "acme/one" }]);
    later(() => apply(organisation, "addRepositories", both));
    await deliverAll();
    expect(await rows("repositories", "access_removed_at IS NOT NULL")).toEqual([]);
    later(() => apply(organisation, "removeRepositories", both));
    drain(organisation);
    await runJobs();
    expect(await rows("repositories", "access_removed_at IS NOT NULL"), "a lost delivery").toMatchObject([
      { full_name: "acme/one" },
    ]);
  });
});

describe("the list of a tenant's tables", () => {
  it("is every table that has an installation_id", async () => {
    const found = await store.sql.query(
      `SELECT table_name FROM information_schema.columns
       WHERE table_schema = 'public' AND column_name = 'installation_id' ORDER BY 1`,
    );
    expect(found.map((row) => row["table_name"])).toEqual(TENANT_TABLES.map(({ table }) => table).sort());
  });
});
