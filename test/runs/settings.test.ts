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

function summary(number: number): string {
  const pull = setting.pull(number);
  return pull.repository.checkRuns.get(pull.headSha)?.at(-1)?.summary ?? "";
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

  test("a rule that no parser takes is a problem at its line, before any file is read", async () => {
    const rule = "      message: x\n      languages: [TypeScript]\n      rule: { kind: no_such_kind }\n";
    await settings(`review:\n  customRules:\n    broken:\n${rule}`);
    const { checks } = setting.visible(await open());
    expect(checks.at(-1)).toMatchObject({ name: "companyos / settings", annotations: [`${path}:3 warning Settings`] });
    expect(checks[0]).toMatchObject({ name: "companyos / review", annotations: [expect.stringContaining("src/a.ts")] });
  });

  test("an extended file may extend another file, but not itself", async () => {
    for (const name of ["base", "root", "loop"])
      await control.apply("createRepository", { repository: `acme/${name}` });
    await settings("review:\n  rules:\n    debugger-statement: notice\n", "acme/root");
    await settings("_extends: root\nreview:\n  rules:\n    missing-test: off\n", "acme/base");
    await settings("_extends: base\n");
    expect(rules(await open())).toEqual([
      "packages/legacy/a.ts:2 notice debugger-statement",
      "src/a.ts:2 notice debugger-statement",
    ]);
    await settings("_extends: loop\n", "acme/loop");
    await settings("_extends: loop\n");
    const number = await open();
    expect(setting.visible(number).checks.at(-1)).toMatchObject({ title: "1 problem in the settings" });
    expect(summary(number)).toContain(`- \`acme/loop:${path}\` has 1 problem`);
  });

  test("does not reveal another repository's file, and reads only YAML", async () => {
    await control.apply("createRepository", {
      repository: "acme/private",
      visibility: "private",
      files: [
        { path: "values.yml", content: "password: hunter2\nreview: hunter3\n" },
        { path: "notes.txt", content: "hunter4" },
      ],
    });
    await settings("_extends: private:values.yml\n");
    const number = await open();
    expect(setting.visible(number).checks.at(-1)).toMatchObject({
      title: "2 problems in the settings",
      annotations: [],
    });
    expect(summary(number)).toContain("- `acme/private:values.yml` has 2 problems");
    expect(summary(number)).not.toMatch(/hunter|password/);
    await settings("_extends: private:notes.txt\n");
    const other = await open();
    expect(setting.visible(other).checks.at(-1)).toMatchObject({ annotations: [`${path}:1 warning Settings`] });
    expect(summary(other)).not.toMatch(/hunter/);
  });

  test("the organisation's own repository is not below itself", async () => {
    await settings("shadow: maybe\n", "acme/.github");
    const files = [{ path: "a.md", content: "Text.\n" }];
    const change = { repository: "acme/.github", title: "Change", commits: [{ message: "Change", files }] };
    const { sha = "" } = await control.apply("openPull", change);
    await setting.settle();
    const checks = setting.github.simulation.organisation.byName.get("acme/.github")?.checkRuns.get(sha);
    expect(checks?.at(-1)).toMatchObject({ name: "companyos / settings", title: "1 problem in the settings" });
    await settings("review:\n  rules:\n    debugger-statement: notice\n    missing-test: off\n", "acme/.github");
  });

  test("reports an extended file that does not exist, at its line", async () => {
    await settings("_extends: nowhere\n");
    const { checks } = setting.visible(await open());
    expect(checks.at(-1)).toMatchObject({ name: "companyos / settings", annotations: [`${path}:1 warning Settings`] });
  });

  test("ignores the settings on the pull request's own branch", async () => {
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

  test("a pull request that writes a settings file gets its problems at its own lines", async () => {
    await settings("review:\n  rules:\n    debuger-statement: off\n");
    const change = (content: string) => ({ message: "Settings", files: [{ path, content }] });
    const commits = [change("# Ours\nreview:\n  maxInlineComments: 12\n  rules:\n    debuger-statement: off\n")];
    const { number = 0 } = await control.apply("openPull", { repository: REPOSITORY, title: "Settings", commits });
    await setting.settle();
    expect(setting.visible(number).checks.at(-1)).toMatchObject({
      name: "companyos / settings",
      conclusion: "failure",
      title: "2 problems in the settings of this pull request",
      annotations: [`${path}:3 warning Settings`, `${path}:5 warning Settings`],
    });
    const { headSha: before } = setting.pull(number);
    await control.apply("push", {
      repository: REPOSITORY,
      branch: setting.pull(number).headRef,
      commits: [change("review:\n  maxInlineComments: 2\n")],
    });
    await setting.settle();
    expect(setting.pull(number).headSha).not.toBe(before);
    expect(setting.visible(number).checks).toMatchObject([{ name: "companyos / review" }]);
    await settings("review:\n  rules:\n    debugger-statement: failure\n");
  });

  test("in shadow decides and stores everything and writes nothing; live starts again", async () => {
    await settings("shadow: true\n");
    const number = await open();
    expect(setting.visible(number)).toMatchObject({ checks: [], reviews: [], comments: [], reviewers: [] });
    expect((await setting.runs()).at(-1)).toMatchObject({
      shadow: true,
      status: "done",
      reason: "Reviewed: 2 notices new.",
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
      rules: [{ rule: "debugger-statement", found: 2, fixed: 0, merged: 0, open: 2 }],
      checks: [{ check: "success", people: "changes_requested", count: 1 }],
    });
    const ask = (body: string, by: string) => control.apply("addComment", { repository: REPOSITORY, number, body, by });
    const { id = 0 } = await ask("/review", "hubot");
    await ask("/help", "stranger");
    await setting.settle();
    expect(setting.visible(number)).toMatchObject({ checks: [], reviews: [], comments: [], answers: [] });
    expect(setting.pull(number).comments.find((each) => each.id === id)?.reactions).toEqual([]);
    const said = await sql.query("SELECT name, status FROM commands WHERE number = $1 ORDER BY name", [number]);
    expect(said).toEqual([
      { name: "help", status: "refused" },
      { name: "review", status: "done" },
    ]);
    const stored = await sql.query(
      "SELECT kind, count(*)::int FROM effects WHERE status = 'dry-run' GROUP BY kind ORDER BY kind",
    );
    expect(stored).toEqual([
      { kind: "comment", count: 2 },
      { kind: "reaction", count: 2 },
    ]);
    await settings("shadow: false\n");
    await control.apply("addComment", { repository: REPOSITORY, number, body: "/review", by: "hubot" });
    await setting.settle();
    expect(setting.visible(number).comments).toHaveLength(2);
  });

  test("writes nothing to a merge queue's commit in shadow, with or without a review", async () => {
    await settings("shadow: true\nreview:\n  enabled: false\n");
    const number = await open();
    await sql.query("DELETE FROM agent_runs WHERE number = $1", [number]);
    const { sha = "" } = await control.apply("queuePull", { repository: REPOSITORY, number });
    await setting.settle();
    expect(setting.pull(number).repository.checkRuns.get(sha) ?? []).toEqual([]);
    expect((await setting.runs()).at(-1)).toMatchObject({
      number,
      trigger: "merge queue",
      shadow: true,
      reason: `#${number} was not reviewed`,
    });
  });

  test("skips drafts silently, unless the settings include them", async () => {
    await settings("review:\n  maxInlineComments: 1\n");
    const draft = async () => {
      const commits = [
        { message: "Change", files: [{ path: "src/a.ts", content: "export const a = 1;\ndebugger;\n" }] },
      ];
      const { number = 0 } = await control.apply("openPull", {
        repository: REPOSITORY,
        title: "Draft",
        commits,
        draft: true,
      });
      await setting.settle();
      return number;
    };
    const quiet = await draft();
    expect(setting.visible(quiet)).toMatchObject({ checks: [], reviews: [], comments: [] });
    expect((await setting.runs()).at(-1)).toMatchObject({
      number: quiet,
      skipped: "draft",
      reason: "Not reviewed: it is a draft.",
    });
    await settings("review:\n  ignore:\n    drafts: false\n");
    expect(setting.visible(await draft()).comments).toMatchObject([{ path: "src/a.ts", rule: "debugger-statement" }]);
  });

  test("switched-off reviews leave a check with the reason", async () => {
    await settings("review:\n  enabled: false\n");
    expect(setting.visible(await open()).checks).toMatchObject([{ conclusion: "skipped", title: "Not reviewed" }]);
  });
});
