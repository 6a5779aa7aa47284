import { afterAll, describe, expect, test } from "vitest";
import type { FileInput } from "../../simulator/organisation/git.js";
import { REPOSITORY, reviewSetting } from "./setting.js";

const setting = await reviewSetting({ files: [{ path: "README.md", content: "# Shop\n" }] });
afterAll(() => setting.close());
const { control, simulation } = setting.github;

const DEFECT = "export const a = 1;\ndebugger;\n";
const CLEAN = "export const a = 1;\n";
const file = (path: string, content: string | null): FileInput => ({ path, content });
const THREE = [file("src/1.ts", DEFECT), file("src/2.ts", DEFECT), file("src/3.ts", CLEAN)];

/** Does something, and says how many texts were read for it and what came of it. */
async function after(change: () => Promise<unknown>, number = 1) {
  // Two changes of one second are told apart by another read, which would be counted.
  await control.run("clock", { advanceSeconds: 1 });
  const before = simulation.log.texts;
  await change();
  await setting.settle();
  const { checks, comments, reviews } = setting.visible(number);
  const run = (await setting.runs()).at(-1);
  const summary = setting.pull(number).repository.checkRuns.get(setting.pull(number).headSha)?.at(-1)?.summary ?? "";
  return {
    texts: simulation.log.texts - before,
    check: checks.at(-1),
    comments,
    reviews,
    input: run?.["input"],
    summary,
  };
}

const open = (head: string, files: readonly FileInput[]) =>
  control.apply("openPull", { repository: REPOSITORY, title: head, head, commits: [{ message: head, files }] });
const push = (branch: string, files: readonly FileInput[], force = false) =>
  control.apply("push", { repository: REPOSITORY, branch, force, commits: [{ message: "More", files }] });
const say = (body: string, number = 1) =>
  control.apply("addComment", { repository: REPOSITORY, number, body, by: "monalisa" });
/** Returns when what the push itself calls for is done: what is counted afterwards is not its. */
const settings = (content: string) => after(() => push("main", [file(".github/companyos.yml", content)]));
const BOTH = ["src/1.ts:2 failure debugger-statement", "src/2.ts:2 failure debugger-statement"];

describe("does not read unchanged files again", { timeout: 180_000 }, () => {
  test("the first review reads everything", async () => {
    const first = await after(() => open("three", THREE));
    expect(first).toMatchObject({ texts: 3, input: { carried: 0 }, check: { title: "2 failures", annotations: BOTH } });
  });

  test("a push reads its changed files, and keeps findings in the others", async () => {
    const second = await after(() => push("three", [file("src/3.ts", "export const b = 2;\n")]));
    expect(second).toMatchObject({
      texts: 1,
      input: { carried: 2, forcePushed: false },
      check: { conclusion: "failure", title: "2 failures", annotations: BOTH },
    });
    expect(second.comments.map(({ resolved }) => resolved)).toEqual([false, false]);
    expect(second.reviews).toHaveLength(1);
  });

  test("resolves fixed findings, and keeps the rest", async () => {
    const third = await after(() => push("three", [file("src/1.ts", CLEAN)]));
    expect(third).toMatchObject({ texts: 1, check: { title: "1 failure", annotations: [BOTH[1]] } });
    expect(third.comments.map(({ path, minimized }) => [path, minimized])).toEqual([
      ["src/1.ts", "RESOLVED"],
      ["src/2.ts", null],
    ]);
  });

  test("/review reuses results, /review full reads everything", async () => {
    expect(await after(() => say("/review"))).toMatchObject({
      texts: 0,
      input: { carried: 3 },
      check: { title: "1 failure" },
    });
    expect(await after(() => say("/review full"))).toMatchObject({
      texts: 3,
      input: { carried: 0 },
      check: { title: "1 failure" },
    });
  });

  test("after a force push everything is read", async () => {
    const forced = await after(() => push("three", [file("src/3.ts", "export const c = 3;\n")], true));
    expect(forced).toMatchObject({ input: { carried: 0, forcePushed: true } });
    expect(forced.texts).toBe(setting.pull().changedFiles);
  });

  test("with other settings everything is read", async () => {
    await after(() => open("set", THREE), 2);
    const known = await after(() => push("set", [file("src/3.ts", "export const d = 4;\n")]), 2);
    expect(known.input).toMatchObject({ carried: 2 });
    await settings("review:\n  rules:\n    debugger-statement: warning\n");
    const changed = await after(() => push("set", [file("src/3.ts", "export const e = 5;\n")]), 2);
    expect(changed).toMatchObject({ texts: 3 + 1, input: { carried: 0 }, check: { title: "2 warnings" } });
  });

  test("names unreadable files again, and never concludes success", async () => {
    const submodule = file("vendor/lib", `Subproject commit ${"b".repeat(40)}\n`);
    await after(() => open("gap", [submodule, file("src/x.ts", CLEAN)]), 3);
    const next = await after(() => push("gap", [file("docs/y.md", "Text.\n")]), 3);
    expect(next).toMatchObject({
      input: { carried: 1 },
      check: { conclusion: "neutral", title: "No problems found; 1 file not read completely" },
    });
  });
});

describe("findings that are new at a head that has its review", { timeout: 120_000 }, () => {
  const own = [file("src/own.ts", DEFECT), file("src/own.test.ts", 'it.only("a", () => {});\n')];

  test("are in the check with a note, and are posted with the next push", async () => {
    await settings("review:\n  rules:\n    debugger-statement: off\n");
    const first = await after(() => open("own", own), 4);
    expect(first.comments.map(({ rule }) => rule)).toEqual(["focused-test"]);
    await settings("review:\n  rules:\n    debugger-statement: failure\n");
    const asked = await after(() => say("/review", 4), 4);
    expect(asked.check).toMatchObject({ title: "2 failures" });
    expect(asked.summary).toContain("1 new since the review of this commit: posted with the next push.");
    expect(asked.comments).toHaveLength(1);
    const pushed = await after(() => push("own", [file("docs/z.md", "Text.\n")]), 4);
    expect(pushed.comments.map(({ rule }) => rule)).toEqual(["focused-test", "debugger-statement"]);
    expect(pushed.check).toMatchObject({ title: "2 failures" });
    expect(pushed.summary).not.toContain("new since the review");
  });
});
