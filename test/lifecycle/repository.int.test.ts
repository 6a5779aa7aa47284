import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { apply } from "../../simulator/organisation/apply.js";
import { drain } from "../../simulator/organisation/create.js";
import type { Installation } from "../../simulator/organisation/installation.js";
import type { Organisation } from "../../simulator/organisation/organisation.js";
import { ARCHIVED } from "../../src/domain.js";
import { defineJob } from "../../src/jobs/define-job.js";
import { JOBS } from "../../src/jobs/registry.js";
import { excludedReason } from "../../src/store/tenants/excluded.js";
import { withDatabase } from "../support/database.js";
import { lifecycle, reason } from "./setting.js";

const { store } = await withDatabase();
const { begin, have, deliver, deliverAll, later, runJobs, rows } = lifecycle(store);
let organisation: Organisation;
let installation: Installation;
beforeEach(async () => {
  ({ organisation, installation } = await begin());
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
  ])("with allow %j and deny %j is excluded", async (allow, deny, reason) => {
    await store.sql.query("UPDATE installations SET allow_repositories = $1, deny_repositories = $2", [allow, deny]);
    later(() => apply(organisation, "openIssue", { repository: "acme/one", title: "Denied" }));
    later(() => apply(organisation, "openIssue", { repository: "acme/two", title: "Allowed" }));
    const [denied, allowed] = await deliverAll();
    expect(denied).toEqual({ status: "skipped", outcome: { facts: [], jobs: [], reason }, wakeUps: [] });
    expect(allowed?.status).toBe("processed");
    expect(await rows("issues")).toMatchObject([{ title: "Allowed" }]);
  });

  describe("that gets a name that is denied", () => {
    const denial = "the organisation denies acme/secret-one (acme/secret-*)";
    let id: number;
    beforeEach(async () => {
      // What the installation called for reads all names.
      await runJobs();
      await store.sql.query("UPDATE installations SET deny_repositories = '{acme/secret-*}'");
      const [row] = await rows("repositories", "full_name = 'acme/one'");
      id = Number(row?.["id"]);
      expect(await excludedReason(store.sql, id)).toBeNull();
    });
    const rename = (repository: string, name: string) =>
      later(() => apply(organisation, "renameRepository", { repository, name }));

    it("is excluded by that name, and included by its next one", async () => {
      rename("acme/one", "secret-one");
      const [renamed] = await deliverAll();
      const facts = [{ entity: "repository", key: "acme/secret-one", result: "updated" }];
      expect(renamed).toMatchObject({ status: "skipped", outcome: { facts, jobs: [], reason: denial } });
      expect(await excludedReason(store.sql, id)).toBe(denial);
      rename("acme/secret-one", "one");
      await deliverAll();
      expect(await excludedReason(store.sql, id)).toBeNull();
    });

    it("is excluded also for work without a delivery", async () => {
      rename("acme/one", "secret-one");
      const [delivery] = drain(organisation);
      if (delivery === undefined) throw new Error("no delivery");
      const renamed = await deliver({ event: "repository", payload: { ...delivery.payload, sender: null } });
      expect(reason(renamed)).toBe(denial);
      expect(await excludedReason(store.sql, id)).toBe(denial);
    });

    it("is read again when that was in the second of another change", async () => {
      later(() => apply(organisation, "archiveRepository", { repository: "acme/one" }));
      await deliverAll();
      apply(organisation, "renameRepository", { repository: "acme/one", name: "secret-one" });
      const [renamed] = await deliverAll();
      expect(renamed?.outcome.facts).toMatchObject([{ entity: "repository", result: "tie" }]);
      await runJobs();
      expect(await excludedReason(store.sql, id)).toBe(denial);
    });

    it("is excluded after a read of its name, and gets no row without one", async () => {
      rename("acme/one", "secret-one");
      drain(organisation);
      later(() => apply(organisation, "createRepository", { repository: "acme/secret-two" }));
      later(() =>
        apply(organisation, "removeRepositories", { installation: installation.id, repositories: ["acme/two"] }),
      );
      await deliverAll();
      await runJobs();
      expect(await excludedReason(store.sql, id)).toBe(denial);
      expect(await rows("repositories", "full_name = 'acme/secret-two'")).toEqual([]);
    });
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
      run: async () => ({ status: "done", reason: "read" }),
    });
    have([...JOBS, sync]);
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
    expect(reason(unknown)).toBe("no installation: the delivery does not name one, and its repository is not stored");
  });

  it("that is archived gets no work, and gets work again when unarchived", async () => {
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
    expect(reason(next)).toBe("issues.opened requires no work");
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
