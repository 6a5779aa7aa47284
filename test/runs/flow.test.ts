import { afterAll, expect, test } from "vitest";
import { REPOSITORY, reviewSetting } from "./setting.js";

const setting = await reviewSetting({
  files: [
    { path: "README.md", content: "# Shop\n" },
    { path: "CODEOWNERS", content: "* @monalisa\n" },
    { path: "src/cart.ts", content: "export const total = 0;\n" },
  ],
});
afterAll(() => setting.close());
const { control } = setting.github;

const CART = "export const total = 0;\nexport function pay(): void {\n  debugger;\n}\n";
const TEST = 'it.only("adds up", () => {\n  expect(total).toBe(0);\n});\n';
const FIXED_TEST = TEST.replace("it.only", "it");

test(
  "a pull request with planted defects gets its review, its check and its annotations, once",
  { timeout: 120_000 },
  async () => {
    await control.apply("openPull", {
      repository: REPOSITORY,
      title: "Pay",
      head: "pay",
      commits: [
        {
          message: "Pay",
          files: [
            { path: "src/cart.ts", content: CART },
            { path: "src/cart.test.ts", content: TEST },
          ],
        },
      ],
    });
    await setting.settle();
    const first = setting.visible();
    expect(first.comments).toEqual([
      { path: "src/cart.test.ts", line: 1, rule: "focused-test", resolved: false, minimized: null },
      { path: "src/cart.ts", line: 3, rule: "debugger-statement", resolved: false, minimized: null },
    ]);
    expect(first.reviews).toEqual([{ body: "2 failures in what changed.", commitSha: setting.pull().headSha }]);
    expect(first.checks).toEqual([
      {
        name: "companyos / review",
        status: "completed",
        conclusion: "failure",
        title: "2 failures",
        annotations: ["src/cart.test.ts:1 failure focused-test", "src/cart.ts:3 failure debugger-statement"],
      },
    ]);
    expect(first.reviewers).toEqual(["monalisa"]);

    await control.apply("push", {
      repository: REPOSITORY,
      branch: "pay",
      commits: [
        { message: "Mend the test", files: [{ path: "src/cart.test.ts", content: `// moved\n${FIXED_TEST}` }] },
      ],
    });
    await setting.settle();
    const second = setting.visible();
    expect(second.comments).toMatchObject([
      { rule: "focused-test", resolved: false, minimized: "RESOLVED" },
      { rule: "debugger-statement", resolved: false, minimized: null },
    ]);
    expect(second.reviews).toHaveLength(1);
    expect(second.checks).toMatchObject([{ conclusion: "failure", title: "1 failure" }]);

    await control.apply("push", {
      repository: REPOSITORY,
      branch: "pay",
      force: true,
      commits: [
        {
          message: "All anew",
          files: [
            { path: "src/cart.ts", content: `// above\n${CART}` },
            { path: "src/cart.test.ts", content: FIXED_TEST },
          ],
        },
      ],
    });
    await setting.settle();
    const third = setting.visible();
    expect(third.reviews).toHaveLength(1);
    expect(third.comments).toHaveLength(2);
    expect(third.checks).toMatchObject([
      { conclusion: "failure", annotations: ["src/cart.ts:4 failure debugger-statement"] },
    ]);
    // What was pushed while a review was under way is reviewed by the next one.
    const done = (await setting.runs()).filter(({ status }) => status === "done");
    expect(done).toMatchObject([
      { status: "done", reason: "Reviewed: 2 failures new.", input: { forcePushed: false, lastReviewed: null } },
      { status: "done", reason: "Reviewed: nothing new, 1 posted before, 1 fixed.", input: { forcePushed: false } },
      { status: "done", reason: "Reviewed: nothing new, 1 posted before.", input: { forcePushed: true } },
    ]);
  },
);
