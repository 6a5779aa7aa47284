import { afterAll, describe, expect, test } from "vitest";
import { REPOSITORY, reviewSetting } from "./setting.js";

const setting = await reviewSetting({ files: [{ path: "README.md", content: "# Shop\n" }] });
afterAll(() => setting.close());
const { control } = setting.github;
const { sql } = setting.database.store;

const content = "export function pay(): void {\n  debugger;\n}\n";
await control.apply("openPull", {
  repository: REPOSITORY,
  title: "Pay",
  head: "pay",
  commits: [{ message: "Pay", files: [{ path: "src/pay.ts", content }] }],
});
await control.apply("openIssue", { repository: REPOSITORY, title: "An issue" });
await setting.settle();

const on = { repository: REPOSITORY, number: 1 };

/** Comments, and gives what was answered and what the comment's reactions are. */
async function say(body: string, by: string, number = 1) {
  const before = setting.visible().answers.length;
  const { id = 0 } = await control.apply("addComment", { ...on, number, body, by });
  await setting.settle();
  const conversation = number === 1 ? setting.pull() : setting.pull().repository.issues.get(number);
  const comment = conversation?.comments.find((each) => each.id === id);
  const { bot } = setting.github.simulation.organisation.app;
  const answers = number === 1 ? setting.visible().answers.slice(before) : [];
  const elsewhere = number === 1 ? [] : (conversation?.comments.filter(({ author }) => author === bot) ?? []);
  return {
    answers: [...answers, ...elsewhere.map((each) => each.body.split("\n")[0])],
    reactions: comment?.reactions.map(({ content: reaction }) => reaction),
  };
}

async function lastJob() {
  const [row] = await sql.query("SELECT status, reason FROM jobs WHERE name = 'command' ORDER BY id DESC LIMIT 1");
  return row;
}

describe("commands", { timeout: 60_000 }, () => {
  test("/help lists exactly the commands that the author may use", async () => {
    const { answers, reactions } = await say("/help", "bob");
    expect(reactions).toEqual(["eyes"]);
    expect(answers).toEqual([
      "With the role read you may use:\n\n- `/explain` shows the app's decisions here, with their reasons\n- `/help` lists the commands that you may use",
    ]);
    expect((await say("/help", "monalisa")).answers[0]).toContain("`/ignore <rule>`");
  });

  test("names the required role to a person with a lower one", async () => {
    expect(await say("/review", "bob")).toEqual({
      answers: ["`/review` needs the role triage or more; yours is read."],
      reactions: ["eyes"],
    });
    expect((await say("/ignore secret", "ann")).answers).toEqual([
      "`/ignore` needs the role write or more; yours is triage.",
    ]);
    const stranger = await say("/explain", "stranger");
    expect(stranger.answers).toEqual(["`/explain` needs the role read or more; you have no role in this repository."]);
    const [row] = await sql.query("SELECT status, role, name FROM commands WHERE by_login = 'stranger'");
    expect(row).toEqual({ status: "refused", role: "none", name: "explain" });
  });

  test("ignores bots, the App's own comments and other apps' commands, with a reason", async () => {
    const { bot } = setting.github.simulation.organisation.app;
    expect(await say("/review", bot.login)).toEqual({ answers: ["/review"], reactions: [] });
    expect(await say("/usr/bin/env is missing", "hubot")).toEqual({ answers: [], reactions: [] });
    expect(await lastJob()).toEqual({ status: "skipped", reason: "the first line of the comment is not a command" });
    expect(await say("/assign me", "hubot")).toEqual({ answers: [], reactions: [] });
    expect(await lastJob()).toEqual({ status: "skipped", reason: "/assign is not a command of this app" });
  });

  test("a mistyped command gets a suggestion", async () => {
    expect((await say("/reviev", "hubot")).answers).toEqual([
      "`/reviev` is not a command; did you mean `/review [full]`? `/help` lists what you may use.",
    ]);
  });

  test("accepts the App's name as well as a slash", async () => {
    const slug = setting.github.simulation.organisation.app.bot.login.replace("[bot]", "");
    const { answers, reactions } = await say(`@${slug} help`, "bob");
    expect(reactions).toEqual(["eyes"]);
    expect(answers[0]).toContain("With the role read you may use:");
    expect(await say("@octocat help", "bob")).toEqual({ answers: [], reactions: [] });
  });

  test("a command in the wrong place names the right one", async () => {
    expect(await say("/review", "hubot", 2)).toMatchObject({
      answers: ["`/review` works only on a pull request."],
      reactions: ["eyes"],
    });
  });

  test("/review reviews again, answers at the end, and repeats no effect", async () => {
    const reviews = setting.visible().reviews.length;
    const { answers, reactions } = await say("/review full", "ann");
    expect(reactions).toEqual(["eyes"]);
    expect(answers).toEqual(["Reviewed: nothing new, 1 posted before."]);
    expect(setting.visible().reviews).toHaveLength(reviews);
    expect((await say("/review twice", "ann")).answers).toEqual([
      "`/review` has no option `twice`. Use `/review` or `/review full`.",
    ]);
  });

  test("writes a re-requested check again", async () => {
    const checks = () => setting.pull().repository.checkRuns.get(setting.pull().headSha) ?? [];
    const before = checks();
    const count = before.length;
    await control.apply("rerequestCheckRun", { checkRun: before.at(-1)?.id ?? 0, by: "hubot" });
    await setting.settle();
    // GitHub waits for an answer, also when nothing has changed.
    expect(checks()).toHaveLength(count + 1);
    expect(checks().at(-1)).toMatchObject({ status: "completed" });
    expect((await setting.runs()).at(-1)).toMatchObject({ trigger: "re-run", status: "done" });
  });

  test("'Re-run all checks' makes it again too", async () => {
    const { headSha, repository } = setting.pull();
    const count = (repository.checkRuns.get(headSha) ?? []).length;
    await control.apply("rerequestCheckSuite", { repository: REPOSITORY, headSha, by: "hubot" });
    await setting.settle();
    expect(repository.checkRuns.get(headSha)).toHaveLength(count + 1);
  });

  test("/explain shows the decisions", async () => {
    const [answer] = (await say("/explain", "bob")).answers;
    expect(answer).toContain("for re-run (done)");
    expect(answer).toContain("for pull request (done)");
  });

  test("/ignore removes a rule from the check permanently, and lists the rules", async () => {
    expect((await say("/ignore debuger-statement", "hubot")).answers).toEqual([
      "No rule has this name; did you mean `debugger-statement`?",
    ]);
    expect(setting.visible().checks.at(-1)).toMatchObject({ conclusion: "failure" });
    const { answers } = await say("/ignore debugger-statement", "hubot");
    expect(answers).toEqual(["`debugger-statement` is now off in this pull request (1 finding ignored)."]);
    expect(setting.visible().checks.at(-1)).toMatchObject({ conclusion: "success", annotations: [] });
    await control.apply("push", {
      repository: REPOSITORY,
      branch: "pay",
      commits: [{ message: "More", files: [{ path: "src/more.ts", content }] }],
    });
    await setting.settle();
    expect(setting.visible().comments).toHaveLength(1);
    expect(setting.visible().checks.at(-1)).toMatchObject({ conclusion: "success" });
  });

  test("a merge queue's commit has the result of the pull request's review", async () => {
    const { sha = "" } = await control.apply("queuePull", { ...on });
    await setting.settle();
    const checks = setting.pull().repository.checkRuns.get(sha);
    expect(checks).toMatchObject([{ name: "companyos / review", conclusion: "success" }]);
    expect(checks?.[0]?.summary).toContain("As reviewed in #1 at");
  });

  test("a merge queue's commit does not pass by the review of an earlier head", async () => {
    await control.apply("draftPull", { ...on });
    await control.apply("push", {
      repository: REPOSITORY,
      branch: "pay",
      commits: [{ message: "Unseen", files: [{ path: "src/unseen.ts", content }] }],
    });
    await setting.settle();
    expect((await say("/explain", "bob")).answers[0]).toContain("Not reviewed: it is a draft.");
    const { sha = "" } = await control.apply("queuePull", { ...on });
    await setting.settle();
    const [check] = setting.pull().repository.checkRuns.get(sha) ?? [];
    expect(check).toMatchObject({ conclusion: "neutral", title: "Not reviewed" });
    expect(check?.summary).toContain("the head of #1 was not reviewed; the last review was of ");
  });
});
