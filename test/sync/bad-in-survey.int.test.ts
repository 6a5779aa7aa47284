import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { fullName } from "../../simulator/organisation/repository.js";
import { nodeId } from "../../simulator/render/node-id.js";
import type { GitHubClient } from "../../src/github/client.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { BAD, type BadAnswer } from "./bad.js";
import { differencesOf } from "./compare.js";
import { type SyncSetting, syncSetting } from "./setting.js";

let database: TestDatabase | undefined;
let setting: SyncSetting | undefined;
afterEach(async () => {
  await setting?.github.close();
  await database?.drop();
});

async function organisation(seed: number) {
  database = await createDatabase({ poolSize: 10 });
  const { store } = database;
  const made = (setting = await syncSetting(store, {
    generate: { seed, repositories: 3, pulls: 15, issues: 15, comments: 1, commits: 4, deployments: 1, releases: 1 },
  }));
  const { clock, organisation: all } = made.github.simulation;
  clock.advance(7_200);
  const [bad, ...others] = all.repositories.values();
  if (!bad) throw new Error("no repository");
  const options = {
    retryLaterMs: 0,
    // A wait between tries takes no time.
    sleep: (ms: number) => Promise.resolve(clock.advance(ms / 1_000)),
  };
  return {
    ...made,
    store,
    bad,
    others,
    sync: (mode: Parameters<typeof made.sync>[0], subject?: string) =>
      made.sync(mode, { options, ...(subject !== undefined && { subject }) }),
    differences: () => differencesOf(made.github, store.sql, made.installationId),
    /** Everything that is asked about one repository alone, or about anything in it, ends like this. */
    async spoil(fault: BadAnswer, name = fullName(bad)) {
      const repository = all.byName.get(name);
      if (!repository) throw new Error("no such repository");
      const nodes = [repository, ...repository.pulls.values(), ...repository.issues.values()].map(nodeId);
      const matches = [`/repos/${name}`, `/repositories/${repository.id}`, ...nodes.map((id) => JSON.stringify(id))];
      await made.github.control.run("faults", { planned: matches.map((match) => ({ match, times: 1_000, ...fault })) });
    },
    mend: () => made.github.control.run("faults", {}),
    /** Gives all pull requests a title; one of those of the repository that is to be bad. */
    async retitlePulls(title: string) {
      for (const repository of [bad, ...others])
        for (const number of repository.pulls.keys())
          await made.github.control.apply("editPull", { repository: fullName(repository), number, title });
      const [pull] = bad.pulls.values();
      if (!pull) throw new Error("no pull request");
      return pull;
    },
  };
}

const repositoriesOf = (warnings: readonly { readonly repository: string }[]) => [
  ...new Set(warnings.map(({ repository }) => repository)),
];

describe("a repository that GitHub lists but does not return by itself", () => {
  it.each(BAD)(
    "and answers %s, holds up no incremental sync and no reconciliation",
    { timeout: 120_000 },
    async (...[, fault]) => {
      const { store, github, bad, others, sync, spoil, mend, differences } = await organisation(62);
      for (const repository of [bad, ...others])
        await github.control.apply("openPull", { repository: fullName(repository), title: "open" });
      expect(await sync("full")).toMatchObject({ status: "completed" });
      const edit = (title: string) =>
        Promise.all(
          [bad, ...others].flatMap((repository) => [
            ...[...repository.issues.keys()].map((number) =>
              github.control.apply("editIssue", { repository: fullName(repository), number, title }),
            ),
            ...[...repository.pulls.keys()].map((number) =>
              github.control.apply("editPull", { repository: fullName(repository), number, title }),
            ),
          ]),
        );
      const untitled = async (title: string) => {
        const rows = await store.sql.query(
          `SELECT DISTINCT repository_id::int AS id FROM (SELECT repository_id, title FROM issues
           UNION ALL SELECT repository_id, title FROM pull_requests) t WHERE title <> $1`,
          [title],
        );
        return rows.map(({ id }) => id);
      };
      const before = fullName(bad);
      await github.control.apply("renameRepository", { repository: before, name: "renamed" });
      for (const mode of ["incremental", "reconcile"] as const) {
        await edit(mode);
        await spoil(fault);
        const run = await sync(mode);
        expect(run.status).toBe("completed-with-warnings");
        expect(repositoriesOf(run.warnings)).toEqual([mode === "incremental" ? before : "acme/renamed"]);
        expect(run.warnings.map(({ entity }) => entity)).toEqual(expect.arrayContaining(["issues", "pull_requests"]));
        expect(await untitled(mode)).toEqual([bad.id]);
        await mend();
      }
      expect(await sync("incremental")).toMatchObject({ status: "completed", warnings: [] });
      expect(await differences()).toEqual([]);
    },
  );

  it.each(BAD.filter(([what]) => what !== "404" && what !== "451"))(
    "and answers %s, is named when it is added, and read later",
    { timeout: 120_000 },
    async (_what, fault) => {
      const { github, sync, spoil, mend, differences } = await organisation(63);
      expect(await sync("full")).toMatchObject({ status: "completed" });
      const repository = "acme/another";
      await github.control.apply("createRepository", { repository });
      await github.control.apply("openIssue", { repository, title: "the first" });
      await spoil(fault, repository);
      const run = await sync("full", `${repository} acme/repository-1`);
      expect(run.status).toBe("completed-with-warnings");
      expect(repositoriesOf(run.warnings)).toEqual([repository]);
      await mend();
      expect(await sync("incremental")).toMatchObject({ status: "completed", warnings: [] });
      expect(await differences()).toEqual([]);
    },
  );
});

it("reads a temporarily failing item in the same run", { timeout: 120_000 }, async () => {
  const { github, retitlePulls, sync, differences } = await organisation(65);
  expect(await sync("full")).toMatchObject({ status: "completed" });
  const pull = await retitlePulls("another");
  const gone = { match: JSON.stringify(nodeId(pull)), kind: "status", status: 404, times: 2 } as const;
  await github.control.run("faults", { planned: [gone] });
  expect(await sync("incremental")).toMatchObject({ status: "completed", warnings: [] });
  expect(github.simulation.faults.struck.get("status")).toBe(2);
  expect(await differences()).toEqual([]);
});

it("one item that GitHub can never return blocks nothing else", { timeout: 120_000 }, async () => {
  const { store, github, bad, retitlePulls, sync, mend, differences } = await organisation(66);
  expect(await sync("full")).toMatchObject({ status: "completed" });
  const pull = await retitlePulls("another");
  const never = { match: JSON.stringify(nodeId(pull)), kind: "status", status: 502, times: 1_000 } as const;
  await github.control.run("faults", { planned: [never] });
  // Its list has an answer to it. Only what counts its comments asks for it by its id, too.
  const run = await sync("incremental");
  expect(run.status).toBe(run.warnings.length === 0 ? "completed" : "completed-with-warnings");
  for (const warning of run.warnings) expect(warning).toMatchObject({ repository: fullName(bad), entity: "comments" });
  expect(github.simulation.faults.struck.get("status")).toBeGreaterThan(1);
  const old = await store.sql.query("SELECT id FROM pull_requests WHERE title <> 'another'");
  expect(old).toEqual([]);
  await mend();
  expect(await sync("incremental")).toMatchObject({ status: "completed", warnings: [] });
  expect(await differences()).toEqual([]);
});

const List = z.object({ total_count: z.number(), repositories: z.array(z.looseObject({ id: z.number() })) });

/** The client, to which one repository's body in the installation's list has no owner. */
function breaking(client: GitHubClient, id: number): GitHubClient {
  const broken = (data: unknown): unknown => {
    const list = List.safeParse(data).data;
    if (!list) return data;
    const repositories = list.repositories.map((body) => (body.id === id ? { ...body, owner: "nobody" } : body));
    return { ...list, repositories };
  };
  return {
    ...client,
    async rest(route, parameters) {
      const answer = await client.rest(route, parameters);
      return { ...answer, data: broken(answer.data) };
    },
    async *pages(route, parameters) {
      for await (const page of client.pages(route, parameters)) yield broken(page);
    },
  };
}

describe("one broken body in the installation's list", () => {
  it("affects no other repository, and hides nothing", { timeout: 120_000 }, async () => {
    const { store, options, installationId, bad, spoil, mend, differences } = await organisation(64);
    if (!setting) throw new Error("nothing is set up");
    const client = breaking(options.client(installationId), bad.id);
    const broken = { ...options, retryLaterMs: 0, client: () => client };
    expect(await setting.sync("full", { options: broken })).toMatchObject({ status: "completed", warnings: [] });
    expect(await differences()).toEqual([]);
    await spoil({ kind: "nonsense" });
    const run = await setting.sync("reconcile", { options: broken });
    expect(run.status).toBe("completed-with-warnings");
    expect(run.warnings).toEqual(
      expect.arrayContaining([expect.objectContaining({ repository: fullName(bad), entity: "repository" })]),
    );
    expect(await store.prisma.repository.count({ where: { access_removed_at: { not: null } } })).toBe(0);
    await mend();
    expect(await setting.sync("incremental")).toMatchObject({ status: "completed", warnings: [] });
    expect(await differences()).toEqual([]);
  });
});
