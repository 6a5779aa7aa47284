import { afterEach, expect, test } from "vitest";
import { APP_PERMISSIONS } from "../../simulator/index.js";
import { ARCHIVED } from "../../src/domain.js";
import { changeLists } from "../../src/jobs/change-lists.js";
import { repositoryLists } from "../../src/store/tenants/repository-lists.js";
import { REPOSITORY, type ReviewSetting, reviewSetting } from "./setting.js";

let setting: ReviewSetting;
afterEach(() => setting.close());

const DEFECT = { path: "src/cart.ts", content: "export function pay(): void {\n  debugger;\n}\n" };
const open = (title: string, draft = false) =>
  setting.github.control.apply("openPull", {
    repository: REPOSITORY,
    title,
    head: title,
    draft,
    commits: [{ message: title, files: [{ ...DEFECT, path: `src/${title}.ts` }] }],
  });
const jobs = (name: string) =>
  setting.database.store.sql.query("SELECT status, reason, key FROM jobs WHERE name = $1 ORDER BY id", [name]);

test("reviews the events of a suspension afterwards, once", { timeout: 180_000 }, async () => {
  setting = await reviewSetting();
  const { control, simulation } = setting.github;
  const [installation = 0] = [...simulation.organisation.installations.keys()];
  await open("before");
  await setting.settle();
  expect(setting.visible(1).checks).toHaveLength(1);
  await control.apply("suspendInstallation", { installation });
  await setting.settle();
  // GitHub delivers nothing of these.
  await open("meanwhile");
  await open("unfinished", true);
  await control.apply("push", {
    repository: REPOSITORY,
    branch: "before",
    commits: [{ message: "More", files: [{ ...DEFECT, path: "src/more.ts" }] }],
  });
  await setting.settle();
  expect(setting.visible(2).checks).toEqual([]);
  await control.apply("unsuspendInstallation", { installation });
  await setting.settle();
  expect(setting.visible(1).checks).toMatchObject([{ title: "2 failures" }]);
  expect(setting.visible(2).checks).toMatchObject([{ title: "1 failure" }]);
  expect(setting.visible(3).checks, "a draft").toEqual([]);
  expect(await jobs("catch-up")).toMatchObject([{ status: "done" }]);
  expect(setting.visible(2).reviews).toHaveLength(1);
});

test("reviews pull requests that lacked a permission when it is accepted", { timeout: 180_000 }, async () => {
  const { contents: _contents, ...without } = APP_PERMISSIONS;
  setting = await reviewSetting({ permissions: without });
  const { control, simulation } = setting.github;
  const [installation = 0] = [...simulation.organisation.installations.keys()];
  await open("silent");
  await setting.settle();
  expect(await setting.runs()).toMatchObject([{ status: "skipped" }]);
  await control.apply("acceptPermissions", { installation, permissions: APP_PERMISSIONS });
  // A token has the permissions of the time when it was made: the one in use lives an hour at most.
  await control.run("expireTokens", {});
  await setting.settle();
  expect(setting.visible(1).checks).toMatchObject([{ title: "1 failure" }]);
});

test("excludes a denied repository, and catches up when it is allowed again", { timeout: 180_000 }, async () => {
  setting = await reviewSetting();
  const { control } = setting.github;
  const { store } = setting.database;
  const deny = async (remove: boolean) => {
    const [before] = await repositoryLists(store.sql);
    if (!before) throw new Error("no installation");
    await changeLists(store, before, { list: "deny", patterns: [REPOSITORY], remove }, new Date());
  };
  const catchUp = `INSERT INTO jobs (installation_id, queue, name, key, payload, max_attempts)
    SELECT id, 'agents', 'catch-up', id::text, jsonb_build_object('installationId', id), 8 FROM installations`;
  await open("before");
  await setting.settle();
  // As if nobody had looked: a catch-up would take it.
  await store.sql.query("TRUNCATE agent_runs");
  await deny(false);
  await open("meanwhile");
  await control.apply("push", {
    repository: REPOSITORY,
    branch: "before",
    commits: [{ message: "More", files: [{ ...DEFECT, path: "src/more.ts" }] }],
  });
  await store.sql.query(catchUp);
  await setting.settle();
  expect((await jobs("catch-up")).at(-1)).toMatchObject({
    reason: "0 open pull requests without a review of their head found",
  });
  expect(await store.sql.query("SELECT number FROM pull_requests")).toEqual([{ number: 1 }]);
  await deny(true);
  await setting.settle();
  expect(setting.visible(1).checks).toMatchObject([{ title: "2 failures" }]);
  expect(setting.visible(2).checks).toMatchObject([{ title: "1 failure" }]);
  expect(setting.visible(2).reviews).toHaveLength(1);
});

test("tries nothing and raises no alert for an archived repository", { timeout: 180_000 }, async () => {
  setting = await reviewSetting();
  const { control } = setting.github;
  await open("read-only");
  await setting.settle();
  await control.apply("archiveRepository", { repository: REPOSITORY });
  await setting.settle();
  await control.run("clearCalls", {});
  const { sql } = setting.database.store;
  const [{ id } = { id: 0 }] = await sql.query("SELECT id FROM repositories");
  await sql.query(
    `INSERT INTO jobs (installation_id, queue, name, key, payload, max_attempts)
     SELECT installation_id, 'agents', 'review', id || '#1', jsonb_build_object('repositoryId', id, 'number', 1, 'asked', true), 8
     FROM repositories WHERE id = $1`,
    [id],
  );
  await setting.settle();
  expect((await jobs("review")).at(-1)).toMatchObject({ status: "skipped", reason: ARCHIVED });
  const calls = await control.run("calls", {});
  expect(calls.filter(({ path }) => path.startsWith("/repos/"))).toEqual([]);
  expect(await sql.query("SELECT * FROM alerts")).toEqual([]);
});
