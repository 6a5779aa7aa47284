import { afterAll, describe, expect, test } from "vitest";
import type { FileInput } from "../../simulator/organisation/git.js";
import type { OpenPull } from "../../simulator/organisation/changes/pull-open.js";
import { APP_PERMISSIONS } from "../../simulator/organisation/create.js";
import { REPOSITORY, reviewSetting } from "./setting.js";

const OLD = Array.from({ length: 30 }, (_, line) => `export const value${line} = ${line};`).join("\n");
const SUBMODULE = `Subproject commit ${"a".repeat(40)}\n`;
const setting = await reviewSetting({
  files: [
    { path: "src/old.ts", content: `${OLD}\n` },
    { path: "vendor/lib", content: SUBMODULE },
  ],
});
afterAll(() => setting.close());
const { control } = setting.github;

async function open(files: readonly FileInput[], more: Partial<OpenPull> = {}): Promise<number> {
  const commits = [{ message: "Change", files }];
  const { number = 0 } = await control.apply("openPull", { repository: REPOSITORY, title: "Change", commits, ...more });
  await setting.settle();
  return number;
}

async function lastRun() {
  return (await setting.runs()).at(-1);
}

function summary(number: number): string {
  const pull = setting.pull(number);
  return pull.repository.checkRuns.get(pull.headSha)?.at(-1)?.summary ?? "";
}

const debug = (path: string, before = ""): FileInput => ({
  path,
  content: `${before}export const a = 1;\ndebugger;\n`,
});

describe("unusual changes", { timeout: 180_000 }, () => {
  test("a line whose quotation would end inside an emoji is commented on", async () => {
    const number = await open([{ path: "src/emoji.ts", content: `debugger; // ${"a".repeat(486)}🙂\n` }]);
    expect(setting.visible(number).comments).toMatchObject([{ path: "src/emoji.ts", rule: "debugger-statement" }]);
  });

  test("names a wrong setting whose quotation would end inside an emoji, and continues the review", async () => {
    const content = `review:\n  riskLabels: "${"a".repeat(58)}🙂🙂🙂"\n`;
    const settings = (text: string | null) =>
      control.apply("push", {
        repository: REPOSITORY,
        commits: [{ message: "Settings", files: [{ path: ".github/companyos.yml", content: text }] }],
      });
    await settings(content);
    const number = await open([debug("src/settings-emoji.ts")]);
    expect(setting.visible(number).checks.map(({ name, conclusion }) => [name, conclusion])).toEqual([
      ["companyos / review", "failure"],
      ["companyos / settings", "neutral"],
    ]);
    await settings(null);
  });

  test("a binary file is no gap, and its bytes are not read", async () => {
    const number = await open([{ path: "logo.png", content: "\0PNG debugger;\n" }]);
    expect(setting.visible(number).checks).toMatchObject([{ conclusion: "success", title: "No problems found" }]);
  });

  test("reviews a renamed file under its new name, for its new content", async () => {
    const file = { path: "src/new.ts", previousPath: "src/old.ts", content: `${OLD}\ndebugger;\n` };
    const number = await open([file]);
    expect(setting.visible(number).comments).toMatchObject([
      { path: "src/new.ts", line: 31, rule: "debugger-statement" },
    ]);
  });

  test("names a submodule as not read, and does not conclude success", async () => {
    const number = await open([{ path: "vendor/lib", content: `Subproject commit ${"b".repeat(40)}\n` }]);
    expect(setting.visible(number).checks).toMatchObject([
      { conclusion: "neutral", title: "No problems found; 1 file not read completely" },
    ]);
    expect(summary(number)).toContain("`vendor/lib`: a submodule: its own commits were not read");
  });

  test("reads a change without a diff by content, and places no comment without a line", async () => {
    const long = Array.from({ length: 21_000 }, (_, line) => `export const v${line} = ${line};`).join("\n");
    const number = await open([{ path: "src/long.ts", content: `${long}\ndebugger;\n` }]);
    const { comments, checks, reviews } = setting.visible(number);
    expect(comments).toEqual([]);
    expect(checks[0]?.annotations).toContain("src/long.ts:21001 failure debugger-statement");
    expect(reviews[0]?.body).toContain("`src/long.ts:21001`");
  });

  test("more files than a comparison lists are listed one by one", async () => {
    const files = Array.from({ length: 310 }, (_, index) => ({ path: `docs/${index}.md`, content: "Text.\n" }));
    const number = await open([...files, debug("src/last.ts")]);
    expect(setting.visible(number).comments).toMatchObject([{ path: "src/last.ts", rule: "debugger-statement" }]);
    expect(setting.visible(number).checks[0]?.title).toContain("files not read completely");
    expect(summary(number)).toContain("only its diff was read");
  });

  test("a change from a fork is reviewed as any other", async () => {
    await control.apply("createRepository", { repository: "stranger/shop", by: "stranger" });
    const number = await open([debug("src/fork.ts")], { fork: "stranger/shop", by: "stranger" });
    expect(setting.visible(number).comments).toMatchObject([{ path: "src/fork.ts" }]);
  });

  test("skips a head whose repository was deleted, with the reason", async () => {
    const number = await open([debug("src/gone.ts")], { fork: null });
    expect(setting.visible(number)).toMatchObject({ comments: [], checks: [] });
    expect(await lastRun()).toMatchObject({
      number,
      skipped: "head-gone",
      reason: "Not reviewed: the head branch or its repository is gone.",
    });
  });

  test("an ignored author gets a check with the reason", async () => {
    const number = await open([debug("src/bot.ts")], { by: "dependabot[bot]" });
    expect(setting.visible(number).checks).toMatchObject([{ conclusion: "skipped", title: "Not reviewed" }]);
    expect(summary(number)).toContain("the settings ignore pull requests of `dependabot[bot]`");
  });

  test("merging the base reviews nothing again, and keeps the result", async () => {
    const number = await open([debug("src/merge.ts")], { head: "merge-me" });
    await control.apply("push", {
      repository: REPOSITORY,
      commits: [{ message: "Meanwhile", files: [{ path: "MEANWHILE.md", content: "x\n" }] }],
    });
    await control.apply("mergeBase", { repository: REPOSITORY, number });
    await setting.settle();
    expect(await lastRun()).toMatchObject({ number, skipped: "only-merges", status: "done" });
    expect(setting.visible(number).checks).toMatchObject([{ conclusion: "failure", title: "1 failure" }]);
    expect(setting.visible(number).reviews).toHaveLength(1);
  });

  test("a merge that does more than merging is reviewed", async () => {
    const number = await open([{ path: "src/evil.ts", content: "export const a = 1;\n" }], { head: "merge-evil" });
    await control.apply("push", {
      repository: REPOSITORY,
      commits: [{ message: "Meanwhile", files: [{ path: "MEANWHILE.md", content: "y\n" }] }],
    });
    await control.apply("mergeBase", { repository: REPOSITORY, number, files: [debug("src/evil.ts")] });
    await setting.settle();
    expect(await lastRun()).toMatchObject({ number, skipped: null, status: "done" });
    expect(setting.visible(number)).toMatchObject({
      comments: [{ path: "src/evil.ts", line: 2, rule: "debugger-statement" }],
      checks: [{ conclusion: "failure" }],
    });
  });
});

describe("permissions", { timeout: 60_000 }, () => {
  const accept = async (permissions: Readonly<Record<string, "read" | "write">>) => {
    const [installation = 0] = setting.github.simulation.organisation.installations.keys();
    await control.apply("acceptPermissions", { installation, permissions });
    await setting.settle();
  };
  const without = (name: string) => Object.fromEntries(Object.entries(APP_PERMISSIONS).filter(([key]) => key !== name));

  test("without checks the review is written, and the run names the permission and the remedy", async () => {
    await accept(without("checks"));
    const number = await open([debug("src/unchecked.ts")]);
    expect(setting.visible(number)).toMatchObject({ checks: [], comments: [{ path: "src/unchecked.ts" }] });
    expect((await lastRun())?.["notes"]).toEqual([
      "no check-run: the App lacks the permission checks: write; an owner can accept it in the installation's settings",
    ]);
  });

  test("reads nothing without contents permission, with the reason", async () => {
    await accept(without("contents"));
    const number = await open([debug("src/unread.ts")]);
    expect(setting.visible(number)).toMatchObject({ checks: [], comments: [] });
    expect(await lastRun()).toMatchObject({
      skipped: "not-permitted",
      reason: "the App lacks the permission contents: read; an owner can accept it in the installation's settings",
    });
  });
});
