import { afterAll, describe, expect, test } from "vitest";
import { shadowReport } from "../../src/store/reviews/shadow-report.js";
import { REPOSITORY, reviewSetting } from "./setting.js";

const setting = await reviewSetting();
afterAll(() => setting.close());
const { control } = setting.github;
const { sql } = setting.database.store;
const path = ".github/companyos.yml";

async function settings(content: string, repository = REPOSITORY): Promise<void> {
  await control.apply("push", { repository, commits: [{ message: "Settings", files: [{ path, content }] }] });
}

async function open(): Promise<number> {
  const content = "export const a = 1;\ndebugger;\n";
  const commits = [
    {
      message: "Change",
      files: [
        { path: "src/a.ts", content },
        { path: "packages/legacy/a.ts", content },
      ],
    },
  ];
  const { number = 0 } = await control.apply("openPull", { repository: REPOSITORY, title: "Change", commits });
  await setting.settle();
  return number;
}

const rules = (number: number) => setting.visible(number).checks.at(-1)?.annotations;

describe("settings", { timeout: 60_000 }, () => {
  test("the organisation's lie under the repository's, and paths have their own", async () => {
    await control.apply("createRepository", { repository: "acme/.github", visibility: "public" });
    await settings("review:\n  rules:\n    debugger-statement: notice\n    missing-test: off\n", "acme/.github");
    expect(rules(await open())).toEqual([
      "packages/legacy/a.ts:2 notice debugger-statement",
      "src/a.ts:2 notice debugger-statement",
    ]);
    await settings(
      "review:\n  rules:\n    debugger-statement: warning\n  paths:\n    - match: [packages/legacy/**]\n      rules:\n        debugger-statement: off\n",
    );
    expect(rules(await open())).toEqual(["src/a.ts:2 warning debugger-statement"]);
  });

  test("a bad file is one neutral check with all problems at their lines; the last good settings hold", async () => {
    await settings("review:\n  rules:\n    debuger-statement: off\n  maxInlineComments: 12\n");
    const number = await open();
    const { checks } = setting.visible(number);
    expect(checks).toMatchObject([
      { name: "companyos / review", annotations: ["src/a.ts:2 warning debugger-statement"] },
      {
        name: "companyos / settings",
        conclusion: "neutral",
        title: "2 problems in the settings",
        annotations: [`${path}:3 warning Settings`, `${path}:4 warning Settings`],
      },
    ]);
    const [row] = await sql.query(
      "SELECT jsonb_array_length(problems) AS files, read_at > good_at AS kept FROM repository_settings",
    );
    expect(row).toEqual({ files: 1, kept: true });
  });

  test("settings that extend what is not there say so, at the line of the file", async () => {
    await settings("_extends: nowhere\n");
    const { checks } = setting.visible(await open());
    expect(checks.at(-1)).toMatchObject({ name: "companyos / settings", annotations: [`${path}:1 warning Settings`] });
  });

  test("the settings of the pull request's own branch are not obeyed", async () => {
    await settings("review:\n  rules:\n    debugger-statement: failure\n");
    const files = [
      { path, content: "review:\n  enabled: false\n" },
      { path: "src/b.ts", content: "debugger;\n" },
    ];
    const commits = [{ message: "Switch it off", files }];
    const { number = 0 } = await control.apply("openPull", { repository: REPOSITORY, title: "Off", commits });
    await setting.settle();
    expect(setting.visible(number).checks).toMatchObject([{ conclusion: "failure" }]);
  });

  test("in shadow everything is decided and stored, and nothing is written; live begins anew", async () => {
    await settings("shadow: true\n");
    const number = await open();
    expect(setting.visible(number)).toMatchObject({ checks: [], reviews: [], comments: [], reviewers: [] });
    expect((await setting.runs()).at(-1)).toMatchObject({
      shadow: true,
      status: "done",
      because: "Reviewed: 2 notices new.",
    });
    expect(await sql.query("SELECT state FROM findings WHERE number = $1 AND shadow", [number])).toHaveLength(2);
    await control.apply("submitReview", {
      repository: REPOSITORY,
      number,
      state: "CHANGES_REQUESTED",
      body: "Not yet",
      by: "monalisa",
    });
    await setting.settle();
    expect(await shadowReport(sql, REPOSITORY)).toEqual({
      rules: [{ rule: "debugger-statement", found: 2, mended: 0, merged: 0, open: 2 }],
      checks: [{ check: "success", people: "changes_requested", count: 1 }],
    });
    await settings("shadow: false\n");
    await control.apply("addComment", { repository: REPOSITORY, number, body: "/review", by: "hubot" });
    await setting.settle();
    expect(setting.visible(number).comments).toHaveLength(2);
  });

  test("reviews that are switched off leave a check that says so", async () => {
    await settings("review:\n  enabled: false\n");
    expect(setting.visible(await open()).checks).toMatchObject([{ conclusion: "skipped", title: "Not reviewed" }]);
  });
});
