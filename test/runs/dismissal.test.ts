import { afterAll, expect, test } from "vitest";
import { REPOSITORY, reviewSetting } from "./setting.js";

const setting = await reviewSetting({
  files: [{ path: ".github/companyos.yml", content: "review:\n  rules:\n    swallowed-error: notice\n" }],
});
afterAll(() => setting.close());
const { control } = setting.github;

const file = (lines: string) => ({ path: "src/pay.ts", content: `export function pay(): void {\n${lines}}\n` });
const push = async (lines: string) => {
  const commits = [{ message: "More", files: [file(lines)] }];
  await control.apply("push", { repository: REPOSITORY, branch: "pay", commits });
  await setting.settle();
};

const DEBUGGER = "  debugger;\n";
const SWALLOWED = "  try {\n    work();\n  } catch (error) {}\n";

test("strangers, authors without a role and the App's own bot dismiss nothing", { timeout: 60_000 }, async () => {
  const commits = [{ message: "Pay", files: [file(`${DEBUGGER}${SWALLOWED}`)] }];
  await control.apply("openPull", {
    repository: REPOSITORY,
    title: "Pay",
    head: "pay",
    commits,
    by: "author",
  });
  await setting.settle();
  const [first, second] = setting.pull().threads;
  const against = { subject: second?.comments[0]?.id ?? 0, content: "-1" } as const;
  await control.apply("resolveThread", { thread: first?.id ?? 0, resolved: true, by: "author" });
  for (let number = 0; number < 12; number += 1) await control.apply("react", { ...against, by: `stranger${number}` });
  await push(`  // once more\n${DEBUGGER}${SWALLOWED}`);
  expect(setting.visible().checks.at(-1)).toMatchObject({ conclusion: "failure" });

  const { bot } = setting.github.simulation.organisation.app;
  await control.apply("resolveThread", { thread: first?.id ?? 0, resolved: true, by: bot.login });
  await push(`  // and again\n${DEBUGGER}${SWALLOWED}`);
  expect(setting.visible().checks.at(-1)).toMatchObject({ conclusion: "failure" });
  const { sql } = setting.database.store;
  expect(await sql.query("SELECT state, count(*)::int FROM findings GROUP BY state")).toEqual([
    { state: "open", count: 2 },
  ]);
  expect(await sql.query("SELECT 1 FROM finding_feedback")).toEqual([]);
  await control.apply("resolveThread", { thread: first?.id ?? 0, resolved: false, by: "author" });
});

test("dismissed findings never return, and count against their rule", { timeout: 60_000 }, async () => {
  expect(setting.visible().comments).toMatchObject([{ rule: "debugger-statement" }, { rule: "swallowed-error" }]);

  const [first, second] = setting.pull().threads;
  await control.apply("resolveThread", { thread: first?.id ?? 0, resolved: true, by: "hubot" });
  await control.apply("react", { subject: second?.comments[0]?.id ?? 0, content: "-1", by: "ann" });
  await push(`  // more\n${DEBUGGER}${SWALLOWED}`);
  expect(setting.visible().comments).toHaveLength(2);
  expect(setting.visible().reviews).toHaveLength(1);
  expect(setting.visible().checks.at(-1)).toMatchObject({ conclusion: "success", title: "No problems found" });
  const { sql } = setting.database.store;
  expect(await sql.query("SELECT rule, state FROM findings ORDER BY rule")).toEqual([
    { rule: "debugger-statement", state: "dismissed" },
    { rule: "swallowed-error", state: "dismissed" },
  ]);
  expect(await sql.query("SELECT kind, rule, by_login FROM finding_feedback ORDER BY rule")).toEqual([
    { kind: "resolved", rule: "debugger-statement", by_login: "hubot" },
    { kind: "thumbs-down", rule: "swallowed-error", by_login: "ann" },
  ]);
});

test("a thread resolved because the code was fixed dismisses nothing", { timeout: 60_000 }, async () => {
  await push("  // nothing\n");
  const commits = [{ message: "Pay", files: [{ path: "src/other.ts", content: `f();\n${DEBUGGER}` }] }];
  await control.apply("openPull", { repository: REPOSITORY, title: "Other", head: "other", commits });
  await setting.settle();
  const [thread] = setting.pull(2).threads;
  await control.apply("resolveThread", { thread: thread?.id ?? 0, resolved: true, by: "hubot" });
  const mended = [{ message: "Mend", files: [{ path: "src/other.ts", content: "f();\n" }] }];
  await control.apply("push", { repository: REPOSITORY, branch: "other", commits: mended });
  await setting.settle();
  const { sql } = setting.database.store;
  expect(await sql.query("SELECT state FROM findings WHERE number = 2")).toEqual([{ state: "fixed" }]);
  expect(await sql.query("SELECT 1 FROM finding_feedback WHERE number = 2")).toEqual([]);
});
