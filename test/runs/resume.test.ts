import { afterAll, describe, expect, test } from "vitest";
import { APP_PERMISSIONS } from "../../simulator/organisation/create.js";
import { allowWrites } from "../../src/jobs/allow-writes.js";
import { pauseWrites } from "../../src/store/effects/switch.js";
import { REPOSITORY, reviewSetting } from "./setting.js";

const setting = await reviewSetting();
afterAll(() => setting.close());
const { control, simulation } = setting.github;
const { store } = setting.database;

const bad = (path: string) => ({ path, content: "export const a = 1;\ndebugger;\n" });
let opened = 0;

async function open(): Promise<number> {
  opened += 1;
  const commits = [{ message: "Change", files: [bad(`src/${opened}.ts`)] }];
  const head = `branch-${opened}`;
  const { number = 0 } = await control.apply("openPull", { repository: REPOSITORY, title: "Change", head, commits });
  await setting.settle();
  return number;
}

async function push(path: string, content: string): Promise<void> {
  simulation.clock.advance(2);
  const commits = [{ message: "More", files: [{ path, content }] }];
  await control.apply("push", { repository: REPOSITORY, branch: `branch-${opened}`, commits });
  await setting.settle();
}
const pushText = () => push(`docs/${opened}.md`, "Text.\n");

const pause = () => pauseWrites(store.sql, "everywhere", "an incident");
async function resume(): Promise<void> {
  await allowWrites(store, "everywhere", new Date());
  await setting.settle();
}

const pathsOf = (number: number) => setting.visible(number).comments.map(({ path }) => path);

describe("writes that were paused", { timeout: 120_000 }, () => {
  test("are done when they are resumed, and said once", async () => {
    await pause();
    const number = await open();
    expect(setting.visible(number)).toMatchObject({ checks: [], reviews: [] });
    await resume();
    expect(pathsOf(number)).toEqual([`src/${opened}.ts`]);
    await pushText();
    expect(pathsOf(number)).toEqual([`src/${opened}.ts`]);
    expect(setting.visible(number).reviews).toHaveLength(1);
  });

  test("a review of an earlier head is not posted; its findings are in the review of the present one", async () => {
    await pause();
    const number = await open();
    const earlier = setting.pull(number).headSha;
    await pushText();
    await resume();
    const { reviews, checks } = setting.visible(number);
    expect(reviews.map(({ commitSha }) => commitSha)).toEqual([setting.pull(number).headSha]);
    expect(pathsOf(number)).toEqual([`src/${opened}.ts`]);
    expect(checks).toMatchObject([{ conclusion: "failure" }]);
    const { repository } = setting.pull(number);
    expect(repository.checkRuns.get(earlier) ?? []).toEqual([]);
    const cancelled = await store.sql.query("SELECT error FROM effects WHERE status = 'cancelled' AND kind = 'review'");
    expect(cancelled).toMatchObject([{ error: "a later run decided again" }]);
    await pushText();
    expect(setting.visible(number).reviews).toHaveLength(1);
  });

  test("resolves a thread whose finding was fixed meanwhile", async () => {
    const number = await open();
    await pause();
    await push(`src/${opened}.ts`, "export const a = 1;\n");
    expect(setting.visible(number).comments).toMatchObject([{ resolved: false }]);
    await pushText();
    await resume();
    expect(setting.visible(number).comments[0]?.minimized).not.toBeNull();
    expect(setting.visible(number).checks).toMatchObject([{ conclusion: "success" }]);
  });
});

describe("a permission that is accepted later", { timeout: 120_000 }, () => {
  const accept = async (permissions: Readonly<Record<string, "read" | "write">>) => {
    simulation.clock.advance(2);
    const [installation = 0] = simulation.organisation.installations.keys();
    await control.apply("acceptPermissions", { installation, permissions });
    await setting.settle();
  };
  const lacking = { ...APP_PERMISSIONS, pull_requests: "read", checks: "read" } as const;

  test("applies effects that were left out for lack of it, once", async () => {
    await accept(lacking);
    const number = await open();
    expect(setting.visible(number)).toMatchObject({ checks: [], reviews: [] });
    await accept(APP_PERMISSIONS);
    expect(setting.visible(number)).toMatchObject({ checks: [{ conclusion: "failure" }], reviews: [{}] });
    await accept(lacking);
    await accept(APP_PERMISSIONS);
    await pushText();
    expect(pathsOf(number)).toEqual([`src/${opened}.ts`]);
    expect(setting.visible(number).reviews).toHaveLength(1);
  });

  test("applies nothing of an earlier head", async () => {
    await accept(lacking);
    const number = await open();
    await pushText();
    await accept(APP_PERMISSIONS);
    const { reviews, checks } = setting.visible(number);
    expect(reviews.map(({ commitSha }) => commitSha)).toEqual([setting.pull(number).headSha]);
    expect(checks).toHaveLength(1);
  });
});
