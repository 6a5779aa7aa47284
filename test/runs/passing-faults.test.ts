import { afterAll, afterEach, describe, expect, test } from "vitest";
import { NO_COMMIT } from "../../simulator/organisation/git.js";
import { REPOSITORY, reviewSetting } from "./setting.js";

const setting = await reviewSetting();
afterAll(() => setting.close());
afterEach(async () => {
  await setting.github.control.run("faults", {});
});
const { control } = setting.github;

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

async function push(): Promise<void> {
  const commits = [{ message: "More", files: [bad(`src/${opened}-more.ts`)] }];
  await control.apply("push", { repository: REPOSITORY, branch: `branch-${opened}`, commits });
  await setting.settle();
}

const fail = (match: string, status: number, times = 1_000) =>
  control.run("faults", { planned: [{ match, kind: "status", status, times }] });
const lastRun = async () => (await setting.runs()).at(-1);

/** Whatever befell one review, the next is whole. */
async function expectNextReview(number: number): Promise<void> {
  await control.run("faults", {});
  await push();
  expect(await lastRun()).toMatchObject({ number, status: "done", skipped: null });
  expect(setting.visible(number).checks).toMatchObject([{ conclusion: "failure" }]);
  expect(await setting.database.store.sql.query("SELECT FROM agent_runs WHERE status = 'decided'")).toEqual([]);
}

describe("GitHub's API lags behind its webhooks", { timeout: 120_000 }, () => {
  test("a head that it does not show for three seconds is reviewed", async () => {
    await control.run("faults", { apiLagMs: 3_000 });
    const number = await open();
    const { checks, comments } = setting.visible(number);
    expect([checks.length, comments.length]).toEqual([1, 1]);
  });

  test("ends with the reason when GitHub never has it", async () => {
    await fail("REVIEW_CONTEXT", 404);
    const number = await open();
    expect(await lastRun()).toMatchObject({ number, status: "skipped", skipped: "gone" });
    expect((await lastRun())?.["reason"]).toContain("GitHub does not have it");
    await expectNextReview(number);
  });

  test("commits that it never compares are listed by the pull request", async () => {
    await fail("/compare/", 404);
    const number = await open();
    expect(setting.visible(number)).toMatchObject({ comments: [{ line: 2 }], checks: [{ conclusion: "failure" }] });
    await expectNextReview(number);
  });
});

describe("the base shares no commit with the head", { timeout: 120_000 }, () => {
  async function openApart(name: string): Promise<number> {
    const file = bad(`src/${name}.ts`);
    await control.apply("push", {
      repository: REPOSITORY,
      branch: name,
      onto: NO_COMMIT,
      commits: [{ message: "Another root", files: [file] }],
    });
    const { number = 0 } = await control.apply("openPull", { repository: REPOSITORY, title: "Apart", head: name });
    await setting.settle();
    return number;
  }

  test("the pull request's own list of files is reviewed", async () => {
    const number = await openApart("apart");
    expect(setting.visible(number)).toMatchObject({
      comments: [{ path: "src/apart.ts", line: 2 }],
      checks: [{ conclusion: "failure" }],
    });
  });

  test("without that list writes a neutral check that nothing was read", async () => {
    await fail("/files", 404);
    const number = await openApart("unlisted");
    expect(setting.visible(number)).toMatchObject({
      comments: [],
      checks: [{ conclusion: "neutral", title: "No problems found; 1 file not read completely" }],
    });
    expect((await lastRun())?.["decision"]).toMatchObject({ gaps: [{ reason: "GitHub did not list 1 file" }] });
  });
});

describe("one refused call among many", { timeout: 120_000 }, () => {
  const REFUSED: readonly [string, string, number, object][] = [
    ["the check", "/check-runs", 403, { comments: 1 }],
    ["the check, as invalid", "/check-runs", 422, { comments: 1 }],
    ["the review", "/reviews", 403, { checks: 1 }],
    ["the context", "REVIEW_CONTEXT", 403, {}],
  ];

  test.each(REFUSED)("%s: the rest is done, and the next review is whole", async (_what, match, status, rest) => {
    await fail(match, status);
    const number = await open();
    const run = await lastRun();
    expect(run?.["status"]).not.toBe("decided");
    expect(`${String(run?.["reason"])} ${String(run?.["notes"])}`).toMatch(/refused|forbids/);
    const { checks, comments } = setting.visible(number);
    expect({ checks: checks.length, comments: comments.length }).toMatchObject(rest);
    const alerts = await setting.database.store.sql.query("SELECT FROM alerts WHERE kind = 'authentication'");
    expect(alerts).toEqual([]);
    await expectNextReview(number);
  });
});

describe("the same head is judged again", { timeout: 120_000 }, () => {
  // Two changes within a second are a tie, which is read again: here each is a second after the one before.
  const later = () => setting.github.simulation.clock.advance(2);

  test("when the description names the required issue", async () => {
    const content = "review: { options: { requireLinkedIssue: true }, ignore: { labels: [no-review] } }\n";
    const commits = [{ message: "Settings", files: [{ path: ".github/companyos.yml", content }] }];
    await control.apply("push", { repository: REPOSITORY, commits });
    await control.apply("openIssue", { repository: REPOSITORY, title: "A bug" });
    const number = await open();
    const before = setting.visible(number).checks.at(-1);
    expect(before?.title).toContain("1 failure, 1");
    later();
    await control.apply("editPull", { repository: REPOSITORY, number, body: "Fixes the bug. Closes #1" });
    await setting.settle();
    expect((await lastRun())?.["skipped"]).toBeNull();
  });

  test("when an ignored label is taken off", async () => {
    const number = await open();
    later();
    await control.apply("label", { repository: REPOSITORY, number, label: "no-review" });
    await setting.settle();
    expect(setting.visible(number).checks.at(-1)).toMatchObject({ conclusion: "skipped" });
    later();
    await control.apply("unlabel", { repository: REPOSITORY, number, label: "no-review" });
    await setting.settle();
    expect(setting.visible(number).checks.at(-1)).toMatchObject({ conclusion: "failure" });
  });
});
