import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { apply } from "../demo/github/organisation/apply.js";
import { createOrganisation, drain } from "../demo/github/organisation/create.js";
import type { Installation } from "../demo/github/organisation/installation.js";
import type { Organisation } from "../demo/github/organisation/organisation.js";
import { ARCHIVED, HANDLED_EVENTS } from "../src/domain.js";
import { InvalidError } from "../src/errors.js";
import { defineJob, registryOf } from "../src/jobs/define-job.js";
import { JOBS } from "../src/jobs/registry.js";
import { createLog } from "../src/log.js";
import { type Processed, processDelivery } from "../src/process/process-delivery.js";
import { exportTenant } from "../src/store/export-tenant.js";
import { TENANT_TABLES } from "../src/store/facts/tenant-tables.js";
import { modelReader } from "./property/reader.js";
import { runWaitingJobs } from "./property/run-jobs.js";
import { withDatabase } from "./support/database.js";

const database = await withDatabase();
const { store } = database;
const log = createLog({ level: "silent" });
let registry = registryOf(JOBS);
const DAY_MS = 86_400_000;

let now = 0;
let organisation: Organisation;
let installation: Installation;
const clock = { now: () => new Date((now += 1)) };
const advance = (seconds: number) => {
  now = Math.ceil(now / 1000) * 1000 + seconds * 1000;
};

beforeEach(async () => {
  const tables = ["installations", "delivery_bodies", ...TENANT_TABLES.map(({ table }) => table)];
  await store.sql.query(`TRUNCATE ${tables.join(", ")}`);
  registry = registryOf(JOBS);
  now = Date.UTC(2026, 0, 1);
  organisation = createOrganisation({ login: "acme", now: () => new Date(now) });
  apply(organisation, "createRepository", { repository: "acme/one" });
  apply(organisation, "createRepository", { repository: "acme/two" });
  installation = apply(organisation, "install", {});
  await deliverAll();
});

let guid = 0;

async function deliver({
  event: name,
  payload,
}: {
  readonly event: string;
  readonly payload: unknown;
}): Promise<Processed> {
  guid += 1;
  const deps = { store, jobs: registry, clock, log };
  const processed = await processDelivery(deps, { guid: `lifecycle-${guid}`, name, payload, recorded: false });
  if (processed === null) throw new Error("not processed");
  return processed;
}

async function deliverAll(): Promise<readonly Processed[]> {
  const all: Processed[] = [];
  for (const each of drain(organisation)) all.push(await deliver(each));
  return all;
}

/** Makes a change one second later and gives what it would have delivered. */
function later<T>(change: () => T): T {
  advance(1);
  return change();
}

function runJobs(of = installation): Promise<number> {
  const options = { store, log, clock, registry, installationId: BigInt(of.id), reader: modelReader(organisation, of) };
  return runWaitingJobs(options);
}

async function rows(table: string, where = "true"): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return store.sql.query(`SELECT * FROM ${table} WHERE ${where}`);
}

const reason = (processed: Processed | undefined) => processed?.outcome.reason;

describe("an installation", () => {
  it("is stored with its repositories' names at once, and in full once they are read", async () => {
    expect(await rows("repositories", "default_branch IS NULL")).toHaveLength(2);
    expect(await runJobs()).toBe(1);
    expect(await rows("repositories", "default_branch = 'main' AND access_removed_at IS NULL")).toHaveLength(2);
    expect(await rows("installations", "account_login = 'acme' AND suspended_at IS NULL")).toHaveLength(1);
  });

  it("that is not known yet gets a row of what a delivery shows of it", async () => {
    await store.sql.query("TRUNCATE installations");
    later(() => apply(organisation, "openIssue", { repository: "acme/one", title: "First" }));
    await deliverAll();
    expect(await rows("installations", `account_login = 'acme' AND id = ${installation.id}`)).toHaveLength(1);
  });

  it("stops at once when it is uninstalled: waiting jobs end, late deliveries store nothing", async () => {
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

  it("that is uninstalled while deliveries are processed plans nothing after it", async () => {
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

    const purge = registry.get("purge-tenant");
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
    expect(await purge?.run(payload, context)).toEqual({ status: "skipped", because: "the grace period is not over" });
    expect(await rows("issues")).toHaveLength(1);
    now += 31 * DAY_MS;
    expect(await purge?.run(payload, context)).toMatchObject({ status: "done" });
    for (const { table } of TENANT_TABLES.filter(({ table }) => table !== "jobs")) {
      expect(await rows(table, `installation_id = ${installation.id}`), table).toEqual([]);
    }
    expect(await rows("delivery_bodies")).toEqual([]);
    expect(await rows("installations")).toMatchObject([{ account_login: "(deleted)", account_id: null }]);
    expect(await purge?.run(payload, context)).toMatchObject({ because: "the rows were deleted before" });
  });

  it("rests while it is suspended and catches up afterwards", async () => {
    await runJobs();
    later(() => apply(organisation, "suspendInstallation", { installation: installation.id }));
    const [suspended] = await deliverAll();
    expect(reason(suspended)).toBe("the installation is suspended; it catches up when it is unsuspended");
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

  it("that is installed again has its repositories' rows at once, before it is read what it may see", async () => {
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

describe("a repository", () => {
  it("that moves to the account of another installation takes its rows along", async () => {
    later(() => apply(organisation, "openIssue", { repository: "acme/one", title: "Moves", labels: ["bug"] }));
    later(() => apply(organisation, "openPull", { repository: "acme/one", title: "Moves" }));
    await deliverAll();
    later(() => apply(organisation, "openIssue", { repository: "acme/one", title: "Late" }));
    const [late] = drain(organisation);
    const other = later(() => apply(organisation, "install", { account: "other" }));
    later(() => apply(organisation, "transferRepository", { repository: "acme/one", to: "other" }));
    await deliverAll();
    await runJobs(other);
    await runJobs();
    for (const table of ["issues", "issue_labels", "pull_requests", "commits", "labels"]) {
      expect(await rows(table, `installation_id <> ${other.id}`), table).toEqual([]);
    }
    if (late === undefined) throw new Error("no delivery");
    await deliver(late);
    expect(await rows("issues", `title = 'Late' AND installation_id = ${other.id}`)).toHaveLength(1);
    const [moved] = await rows("repositories", "name = 'one'");
    expect(moved).toMatchObject({ full_name: "other/one", access_removed_at: null, installation_id: String(other.id) });
  });

  it.each([
    [["acme/two"], [], "the organisation does not allow acme/one"],
    [[], ["*/one"], "the organisation denies acme/one (*/one)"],
    [["acme/*"], ["ACME/O*"], "the organisation denies acme/one (ACME/O*)"],
  ])("that is not among %j or among %j is left alone", async (allow, deny, because) => {
    await store.sql.query("UPDATE installations SET allow_repositories = $1, deny_repositories = $2", [allow, deny]);
    later(() => apply(organisation, "openIssue", { repository: "acme/one", title: "Denied" }));
    later(() => apply(organisation, "openIssue", { repository: "acme/two", title: "Allowed" }));
    const [denied, allowed] = await deliverAll();
    expect(denied).toEqual({ status: "skipped", outcome: { facts: [], jobs: [], reason: because }, wakeUps: [] });
    expect(allowed?.status).toBe("processed");
    expect(await rows("issues")).toMatchObject([{ title: "Allowed" }]);
  });

  it("that is denied is not even named when the app is given access to it", async () => {
    const one = { installation: installation.id, repositories: ["acme/one"] };
    later(() => apply(organisation, "removeRepositories", one));
    await deliverAll();
    await store.sql.query("TRUNCATE repositories");
    await store.sql.query("UPDATE installations SET deny_repositories = '{acme/one}'");
    const sync = defineJob({
      name: "sync",
      queue: "sync",
      payload: z.object({ subject: z.string() }),
      attempts: 1,
      key: ({ subject }) => subject,
      run: async () => ({ status: "done", because: "read" }),
    });
    registry = registryOf([...JOBS, sync]);
    const added = [];
    for (const repositories of [["acme/one"], ["acme/one", "acme/two"]]) {
      later(() => apply(organisation, "removeRepositories", { ...one, repositories }));
      drain(organisation);
      later(() => apply(organisation, "addRepositories", { ...one, repositories }));
      added.push(...(await deliverAll()));
    }
    expect(added.map(({ outcome }) => outcome.jobs.map(({ name, key }) => `${name} ${key}`))).toEqual([
      [`access ${installation.id}`],
      [`access ${installation.id}`, "sync acme/two"],
    ]);
    expect(await rows("repositories")).toMatchObject([{ full_name: "acme/two" }]);
  });

  it("without an installation in the delivery is matched by its id, else refused", async () => {
    const known = later(() => apply(organisation, "openIssue", { repository: "acme/one", title: "Known" }));
    const [delivery] = drain(organisation);
    if (delivery === undefined) throw new Error("no delivery");
    const payload = { ...delivery.payload, installation: undefined };
    expect((await deliver({ event: "issues", payload })).status).toBe("processed");
    expect(await rows("issues", `installation_id = ${installation.id} AND number = ${known.number}`)).toHaveLength(1);
    const repository = { ...delivery.payload.repository, id: 999_999, full_name: "else/where" };
    const unknown = await deliver({ event: "issues", payload: { ...payload, repository } });
    expect(unknown.status).toBe("skipped");
    expect(reason(unknown)).toBe("no installation: the delivery names none, and its repository is not known");
  });

  it("that is archived gets no work, and work again when it is not any more", async () => {
    const issue = () => later(() => apply(organisation, "openIssue", { repository: "acme/one", title: "Late" }));
    issue();
    const [late] = drain(organisation);
    later(() => apply(organisation, "archiveRepository", { repository: "acme/one" }));
    const [archived] = await deliverAll();
    expect(reason(archived)).not.toBe(ARCHIVED);
    if (late === undefined) throw new Error("no delivery");
    const repository = { ...late.payload.repository, archived: true };
    expect(reason(await deliver({ event: late.event, payload: { ...late.payload, repository } }))).toBe(ARCHIVED);
    expect(await rows("issues"), "its rows are mirrored").toHaveLength(1);
    later(() => apply(organisation, "unarchiveRepository", { repository: "acme/one" }));
    const [unarchived] = await deliverAll();
    expect(reason(unarchived)).not.toBe(ARCHIVED);
    issue();
    const [next] = await deliverAll();
    expect(reason(next)).toBe("no agent is registered for issues.opened");
  });

  it("that is deleted keeps its rows and gets no more work", async () => {
    later(() => apply(organisation, "openIssue", { repository: "acme/one", title: "Late" }));
    const [late] = drain(organisation);
    later(() => apply(organisation, "deleteRepository", { repository: "acme/one" }));
    await deliverAll();
    expect(await rows("repositories", "deleted_at IS NOT NULL")).toMatchObject([{ full_name: "acme/one" }]);
    if (late === undefined) throw new Error("no delivery");
    expect(reason(await deliver(late))).toBe("the repository is deleted");
  });
});

describe("a delivery", () => {
  const issue = () => {
    later(() => apply(organisation, "openIssue", { repository: "acme/one", title: "One" }));
    const [delivery] = drain(organisation);
    if (delivery === undefined) throw new Error("no delivery");
    return delivery;
  };

  it("of an event that is not handled is skipped with that reason", async () => {
    const star = await processDelivery(
      { store, jobs: registry, clock, log },
      { guid: "star", name: "star", payload: { action: "created" }, recorded: false },
    );
    expect(star).toMatchObject({ status: "skipped" });
    expect(star?.outcome.reason).toBe(
      `not handled: star is none of the ${HANDLED_EVENTS.length} events that this app handles`,
    );
  });

  it("with an unknown action stores its facts and calls for no work", async () => {
    const { event, payload } = issue();
    const processed = await deliver({ event, payload: { ...payload, action: "frobnicated" } });
    expect(reason(processed)).toBe("not handled: issues has no action frobnicated that this app knows");
    expect(await rows("issues")).toHaveLength(1);
  });

  it("whose event name does not fit its payload is refused, and the field is named", async () => {
    const { payload } = issue();
    await expect(deliver({ event: "release", payload })).rejects.toThrow(
      new InvalidError("the payload is not of the event release: it has issue"),
    );
    const { issue: _, ...rest } = payload;
    await expect(deliver({ event: "issues", payload: rest })).rejects.toThrow(/not of the event issues: issue: /);
    await expect(deliver({ event: "issues", payload: { ...payload, action: 5 } })).rejects.toThrow(/^action: /);
    expect(await rows("issues")).toEqual([]);
  });

  it("says that no agent is registered for it", async () => {
    expect(reason(await deliver(issue()))).toBe("no agent is registered for issues.opened");
  });

  it("of a push that was delivered before is skipped as recorded", async () => {
    later(() => apply(organisation, "push", { repository: "acme/one" }));
    const [push] = drain(organisation).filter(({ event }) => event === "push");
    if (push === undefined) throw new Error("no delivery");
    expect((await deliver(push)).status).toBe("processed");
    expect(await deliver(push)).toMatchObject({
      status: "skipped",
      outcome: { reason: "already recorded: the same push was delivered before" },
    });
  });

  it("of a check run asks for work only when it is our own and asked for again", async () => {
    const headSha = later(() => apply(organisation, "push", { repository: "acme/one" }));
    drain(organisation);
    const run = later(() =>
      apply(organisation, "createCheckRun", { repository: "acme/one", name: "review", headSha, by: "companyos[bot]" }),
    );
    later(() => apply(organisation, "rerequestCheckRun", { checkRun: run.id }));
    const [created, again] = await deliverAll();
    expect(reason(created)).toBe("only a check run that is asked for again calls for work");
    expect(reason(again)).toBe("no agent is registered for check_run.rerequested");
    await store.sql.query("UPDATE installations SET app_id = 1");
    later(() => apply(organisation, "rerequestCheckRun", { checkRun: run.id }));
    const [other] = await deliverAll();
    expect(reason(other)).toBe("the check run is another App's");
  });

  it("of a revoked authorization belongs to no installation", async () => {
    later(() => apply(organisation, "revokeAuthorization", { by: "mona" }));
    const [revoked] = await deliverAll();
    expect(revoked).toMatchObject({
      status: "processed",
      outcome: { facts: [], reason: "no agent is registered for github_app_authorization.revoked" },
    });
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
