import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { changeLists } from "../../src/jobs/change-lists.js";
import { planOf, registryOf } from "../../src/jobs/define-job.js";
import { JOBS } from "../../src/jobs/registry.js";
import { resumeWritesJob } from "../../src/runs/resume-writes.js";
import { allowWrites } from "../../src/jobs/allow-writes.js";
import { jobRunner } from "../../src/work/run-job.js";
import { createLog } from "../../src/log.js";
import { pauseWrites, resumeWrites } from "../../src/store/effects/switch.js";
import { planJobs } from "../../src/store/jobs/plan-jobs.js";
import { repositoryLists } from "../../src/store/tenants/repository-lists.js";
import { failure, startLedger, WRITES } from "./ledger.js";
import { type Effects, gatewayTo, type Setting, visible } from "./setting.js";
import { withDatabase } from "../support/database.js";

const { store } = await withDatabase();
const { github, begin, writer, apply, dropAnswer, writes, rows, once } = await startLedger(store);

let setting: Setting;
let effects: Effects;
beforeEach(async () => {
  ({ setting, effects } = await begin());
});

const runJob = (id: bigint) =>
  jobRunner({
    store,
    log: createLog({ level: "silent" }),
    clock: { now: () => new Date() },
    leaseMs: 30_000,
    random: () => 0,
    token: randomUUID,
    registry: registryOf([...JOBS, resumeWritesJob([])]),
    reader: (installation) => gatewayTo(github).reader(installation),
    writer: () => writer(),
    wake: () => Promise.resolve(),
  })(id, new AbortController().signal);

/** Runs the job that does what was blocked; why it says that it ended. */
async function resume(): Promise<unknown> {
  const registry = registryOf([resumeWritesJob([])]);
  const plan = planOf(registry, { name: "resume-writes", payload: { installationId: Number(setting.installationId) } });
  const origin = { installationId: setting.installationId, deliveryGuid: null, traceId: null, now: new Date() };
  const [planned] = await planJobs(store.sql, [plan], origin);
  await runJob(planned?.id ?? 0n);
  const [row] = await store.sql.query("SELECT reason FROM jobs WHERE id = $1", [planned?.id]);
  return row?.["reason"];
}

describe("the switch", () => {
  test.each(["everywhere", "installation"] as const)(
    "pauses writes, %s; resuming applies the blocked ones once",
    async (where) => {
      const scope = where === "everywhere" ? where : setting.installationId;
      await pauseWrites(store.sql, scope, "an incident");
      const results = await apply([effects.comment, effects.labels]);
      expect(results.map((result) => result.status)).toEqual(["blocked", "blocked"]);
      expect(await writes()).toBe(0);
      expect((await rows()).map((row) => row.error)).toEqual(
        Array(2).fill(
          where === "everywhere" ? "writes are paused everywhere" : "writes are paused for this installation",
        ),
      );
      await resumeWrites(store.sql, scope);
      expect(await resume()).toBe("2 blocked effects checked");
      expect((await rows()).map(({ status }) => status)).toEqual(["done", "done"]);
      expect(await resume()).toBe("0 blocked effects checked");
      expect(once.comment()).toBe(1);
    },
  );

  test("plans a job for blocked effects when resumed", async () => {
    await pauseWrites(store.sql, "everywhere", "an incident");
    await apply([effects.comment, effects.labels]);
    const waiting = await allowWrites(store, "everywhere", new Date());
    expect(waiting).toEqual(new Map([[setting.installationId, 2]]));
    const [row] = await store.sql.query("SELECT id::text AS id, name FROM jobs WHERE status = 'waiting'");
    expect(row?.["name"]).toBe("resume-writes");
    await runJob(BigInt(String(row?.["id"])));
    expect(once.comment()).toBe(1);
    expect(await store.sql.query("SELECT status, reason FROM jobs")).toEqual([
      { status: "done", reason: "2 blocked effects checked" },
    ]);
    expect(await allowWrites(store, "everywhere", new Date())).toEqual(new Map());
  });

  test("writes nothing to a denied repository, even blocked effects; allowed again, they are applied once", async () => {
    await pauseWrites(store.sql, "everywhere", "an incident");
    await apply([effects.comment]);
    await store.sql.query(
      `INSERT INTO repositories (id, installation_id, owner_login, name, full_name, updated_at, content_hash)
       VALUES ($1, $2, 'acme', 'site', 'acme/site', now(), '')`,
      [setting.repository.id, setting.installationId],
    );
    const change = async (remove: boolean) => {
      const [before] = await repositoryLists(store.sql);
      if (!before) throw new Error("no installation");
      return changeLists(store, before, { list: "deny", patterns: ["acme/s*"], remove }, new Date());
    };
    expect(await change(false)).toMatchObject({ letIn: [] });
    await allowWrites(store, "everywhere", new Date());
    const jobs = () => store.sql.query("SELECT id::text AS id, name, status, reason FROM jobs ORDER BY id");
    for (const { id } of await jobs()) await runJob(BigInt(String(id)));
    const reason = "the organisation denies acme/site (acme/s*)";
    expect(await jobs()).toMatchObject([{ status: "skipped", reason: `1 blocked effects checked; 1 wait: ${reason}` }]);
    expect(await apply([effects.labels])).toMatchObject([{ status: "blocked", reason }]);
    expect(await writes()).toBe(0);
    expect(await change(true)).toMatchObject({ letIn: ["acme/site"] });
    const planned = (await jobs()).filter(({ status }) => status === "waiting");
    expect(new Set(planned.map(({ name }) => name))).toEqual(new Set(["sync", "catch-up", "resume-writes"]));
    const resume = planned.find(({ name }) => name === "resume-writes");
    await runJob(BigInt(String(resume?.["id"])));
    expect((await rows()).map(({ status }) => status)).toEqual(["done", "done"]);
    expect(once.comment()).toBe(1);
  });

  test("of another installation pauses nothing here", async () => {
    await store.prisma.installation.create({
      data: { id: 1n, account_login: "other", account_type: "User", updated_at: new Date(), content_hash: "" },
    });
    await pauseWrites(store.sql, 1n, "theirs");
    expect(await apply([effects.comment])).toMatchObject([{ status: "done" }]);
  });

  test("takes effect between two effects of one job", async () => {
    const by = writer({ afterCall: async () => void (await pauseWrites(store.sql, "everywhere", "now")) });
    const results = await apply([effects.comment, effects.labels], by);
    expect(results.map((result) => result.status)).toEqual(["done", "blocked"]);
  });

  test("does not write a blocked text that a later one replaced", async () => {
    await pauseWrites(store.sql, "everywhere", "x");
    await apply([{ ...effects.comment, occasion: "1", body: "A" }]);
    await resumeWrites(store.sql, "everywhere");
    await apply([{ ...effects.comment, occasion: "2", body: "B" }]);
    expect(await resume()).toBe("1 blocked effects checked; 1 out of date");
    expect(visible(github).comments.map((body) => body.split("\n")[0])).toEqual(["B"]);
  });

  test("adopts an effect whose answer was lost before the pause", async () => {
    await dropAnswer(WRITES.comment);
    await failure(apply([effects.comment]));
    await pauseWrites(store.sql, "everywhere", "x");
    expect(await apply([effects.comment])).toMatchObject([{ status: "blocked" }]);
    await resumeWrites(store.sql, "everywhere");
    await resume();
    expect((await rows()).map(({ status }) => status)).toEqual(["adopted"]);
    expect(once.comment()).toBe(1);
  });
});
