import { beforeEach, describe, expect, it } from "vitest";
import { apply } from "../simulator/organisation/apply.js";
import { createOrganisation, drain } from "../simulator/organisation/create.js";
import type { Delivery } from "../simulator/organisation/delivery.js";
import type { Installation } from "../simulator/organisation/installation.js";
import type { Organisation } from "../simulator/organisation/organisation.js";
import { GoneError, InvalidError, NetworkError } from "../src/errors.js";
import type { GitHubReader } from "../src/github/reader.js";
import { type DefinedJob, registryOf } from "../src/jobs/define-job.js";
import type { JobContext } from "../src/jobs/job.js";
import { pushCommits } from "../src/jobs/push-commits.js";
import { refresh } from "../src/jobs/refresh.js";
import { JOBS } from "../src/jobs/registry.js";
import { createLog } from "../src/log.js";
import { processDelivery } from "../src/process/process-delivery.js";
import { TENANT_TABLES } from "../src/store/facts/tenant-tables.js";
import { modelReader } from "./property/reader.js";
import { withDatabase } from "./support/database.js";

const { store } = await withDatabase();
const log = createLog({ level: "silent" });
const jobs = registryOf(JOBS);
let now = 0;
let organisation: Organisation;
let installation: Installation;
const clock = { now: () => new Date((now += 1)) };

beforeEach(async () => {
  await store.sql.query(`TRUNCATE installations, ${TENANT_TABLES.map(({ table }) => table).join(", ")}`);
  now = Date.UTC(2026, 0, 1);
  organisation = createOrganisation({ login: "acme", now: () => new Date(now) });
  apply(organisation, "createRepository", { repository: "acme/one" });
  installation = apply(organisation, "install", {});
  await deliver(...drain(organisation));
});

async function deliver(...deliveries: readonly Delivery[]) {
  const outcomes = [];
  for (const { event: name, payload } of deliveries) {
    const input = { guid: "reads", name, payload, token: null };
    outcomes.push((await processDelivery({ store, jobs, clock, log }, input))?.outcome);
  }
  return outcomes;
}

/** Runs the one waiting job of the name against GitHub as it is now, or as `reader` pretends. */
async function run(job: DefinedJob, reader: Partial<GitHubReader> = {}) {
  const [row] = await store.sql.query("DELETE FROM jobs WHERE name = $1 AND status = 'waiting' RETURNING payload", [
    job.name,
  ]);
  const context: JobContext = {
    jobId: 1n,
    installationId: BigInt(installation.id),
    deliveryGuid: null,
    tries: { attempt: 1, maxAttempts: 1 },
    store,
    github: () => ({ ...modelReader(organisation, installation), ...reader }),
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
  return job.run(row?.["payload"], context);
}

async function titles(): Promise<readonly unknown[]> {
  return (await store.sql.query("SELECT title FROM issues ORDER BY number")).map((row) => row["title"]);
}

/** Two contents of one second, delivered the wrong way round. */
async function tie() {
  const issue = apply(organisation, "openIssue", { repository: "acme/one", title: "first" });
  apply(organisation, "editIssue", { repository: "acme/one", number: issue.number, title: "second" });
  const [opened, edited] = drain(organisation).filter(({ event }) => event === "issues");
  if (opened === undefined || edited === undefined) throw new Error("no deliveries");
  const outcomes = await deliver(edited, opened);
  return { issue, outcome: outcomes[1] };
}

describe("a tie", () => {
  it("is settled by reading GitHub", async () => {
    const { outcome, issue } = await tie();
    expect(outcome?.facts).toContainEqual({ entity: "issue", key: "acme/one#1", result: "tie" });
    const id: unknown = expect.stringMatching(/^\d+$/);
    expect(outcome?.jobs).toEqual([{ id, name: "refresh", key: `issue/${issue.id}`, status: "planned" }]);
    apply(organisation, "editIssue", { repository: "acme/one", number: 1, title: "third" });
    expect(await run(refresh)).toEqual({ status: "done", reason: "acme/one#1 was read from GitHub: updated" });
    expect(await titles()).toEqual(["third"]);
  });

  it("of a deleted object keeps the stored row and gives the reason", async () => {
    await tie();
    const gone = () => Promise.reject(new GoneError("404 Not Found"));
    expect(await run(refresh, { issue: gone })).toEqual({
      status: "skipped",
      reason: "the stored row stays: 404 Not Found",
    });
    expect(await titles()).toEqual(["second"]);
  });

  it("of a moved issue is not settled with the new one's content", async () => {
    apply(organisation, "createRepository", { repository: "acme/two" });
    await tie();
    apply(organisation, "transferIssue", { repository: "acme/one", number: 1, to: "acme/two" });
    expect(await run(refresh)).toMatchObject({ reason: "the stored row stays: the issue was transferred" });
    expect(await titles()).toEqual(["second"]);
  });

  it("is read again later when a replica answers with an older content", async () => {
    const { issue } = await tie();
    const { issue: read } = modelReader(organisation, installation);
    const old = await read({ id: BigInt(issue.repository.id), owner: "acme", name: "one" }, 1);
    const stale = Object.assign({}, old, { updated_at: "2020-01-01T00:00:00Z" });
    await expect(run(refresh, { issue: async () => stale })).rejects.toThrow(NetworkError);
  });

  it("fails permanently on an answer of another shape", async () => {
    await tie();
    await expect(run(refresh, { issue: async () => ({ id: "x" }) })).rejects.toThrow(InvalidError);
  });
});

describe("a comment on a pull request that no row holds", () => {
  it("has the pull request read", async () => {
    apply(organisation, "openPull", { repository: "acme/one", title: "Unknown" });
    drain(organisation);
    apply(organisation, "addComment", { repository: "acme/one", number: 1, body: "hello" });
    const [outcome] = await deliver(...drain(organisation));
    expect(outcome?.facts).toContainEqual({ entity: "pull_request_touch", key: "acme/one#1", result: "missing" });
    expect(await run(refresh)).toMatchObject({ status: "done" });
    expect(await store.sql.query("SELECT title FROM pull_requests")).toEqual([{ title: "Unknown" }]);
  });
});

describe("a truncated push", () => {
  const push = (count: number) =>
    apply(organisation, "push", {
      repository: "acme/one",
      commits: Array.from({ length: count }, (_, index) => ({ message: `commit ${index}` })),
      truncateAt: 2,
    });
  const stored = () => store.sql.query("SELECT truncated, commit_count FROM pushes ORDER BY pushed_at DESC LIMIT 1");

  it("has its commits read", async () => {
    push(5);
    const [outcome] = await deliver(...drain(organisation).filter(({ event }) => event === "push"));
    expect(outcome?.jobs).toMatchObject([{ name: "push-commits" }]);
    expect(await stored()).toEqual([{ truncated: true, commit_count: 2 }]);
    expect(await run(pushCommits)).toEqual({ status: "done", reason: "5 commits were read from GitHub" });
    expect(await stored()).toEqual([{ truncated: false, commit_count: 5 }]);
    expect(await store.sql.query("SELECT 1 FROM commits WHERE message LIKE 'commit %'")).toHaveLength(5);
  });

  it("whose commits no longer exist stays truncated, with the reason", async () => {
    push(5);
    await deliver(...drain(organisation).filter(({ event }) => event === "push"));
    const commits: GitHubReader["commits"] = async function* gone() {
      yield await Promise.reject(new GoneError("404"));
    };
    expect(await run(pushCommits, { commits })).toMatchObject({ reason: "GitHub no longer has the commits: 404" });
    expect(await stored()).toMatchObject([{ truncated: true }]);
  });
});
