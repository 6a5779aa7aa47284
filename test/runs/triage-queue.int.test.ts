import { afterAll, describe, expect, test } from "vitest";
import { triageQueue } from "../../src/reports/triage.js";
import { answerQuestion } from "../../src/runs/triage/answer-job.js";
import { requestBacklog } from "../../src/runs/triage/backlog-job.js";
import { findRepositoryNamed } from "../../src/store/repositories/find-repository.js";
import { triageWeeks } from "../../src/store/triage/record.js";
import { REPOSITORY } from "./setting.js";
import { triageSetting } from "./triage-setting.js";

const setting = await triageSetting({ history: 400 });
afterAll(() => setting.close());
const { github, settle, open, labels, reasons, written, database } = setting;
const { control } = github;
const { sql } = database.store;
const BUG = {
  title: "Export crashes on Docker",
  body: "It fails with a stack trace. The log says: unexpected error. Steps: open the export, click save, it throws.",
};

async function known() {
  const repository = await findRepositoryNamed(sql, REPOSITORY);
  if (!repository) throw new Error("no repository");
  return repository;
}

async function queue() {
  const { installationId: id } = await known();
  const scope = {
    operator: true,
    installations: [{ id, account: "acme", role: "admin", repositories: "all" }],
  } as const;
  return triageQueue(sql, scope, new Date());
}

const questions = async (number: number) =>
  (await queue()).filter(({ issue }) => issue.number === number).map(({ item }) => item.kind);

describe("what triage leaves to people", { timeout: 240_000 }, () => {
  test("a duplicate that a person confirms gets the label once, and is not asked about again", async () => {
    await control.apply("createLabel", { repository: REPOSITORY, name: "duplicate" });
    await setting.configure("triage: { waitMinutes: 0, duplicates: { label: duplicate } }\n");
    const number = await open(BUG);
    expect(await questions(number)).toEqual(["duplicate"]);
    const [found] = (await queue()).filter(({ issue }) => issue.number === number);
    if (!found) throw new Error("no question");
    const { issue, item, label } = found;
    const { installationId, repositoryId } = issue;
    const said = { installationId, repositoryId, number, kind: item.kind, reference: item.reference, by: "ann" };
    for (const _twice of [1, 2]) await answerQuestion(database.store, { ...said, yes: true, now: new Date() }, label);
    await settle();
    expect(await labels(number)).toEqual(["bug", "duplicate"]);
    expect(await questions(number)).toEqual([]);
  });

  test("likely spam and a security report wait for a person; triage writes nothing on spam", async () => {
    const spam = await open({
      title: "Airline customer service number 800-555-0199",
      body: "Call https://a.example/1 https://a.example/2 https://a.example/3",
    });
    expect(await questions(spam)).toContain("spam");
    expect(await written(spam)).toBe(0);
    expect((await reasons(spam)).at(-1)).toContain("no label: it is likely spam");
    const security = await open({ title: "XSS in the export", body: "A script runs." });
    expect(await questions(security)).toContain("security");
  });

  test("an issue beyond its response goal is overdue until a person answers", async () => {
    await setting.configure(
      "triage: { waitMinutes: 0, responseGoal: { hours: 1, from: 0, to: 24, days: [0, 1, 2, 3, 4, 5, 6] } }\n",
    );
    const number = await open({ title: "Nothing happens", body: "At all." });
    await sql.query("UPDATE issues SET created_at = now() - interval '3 hours' WHERE number = $1", [number]);
    expect(await questions(number)).toContain("overdue");
    await control.apply("addComment", { repository: REPOSITORY, number, body: "I look at it.", by: "ann" });
    await settle();
    expect(await questions(number)).not.toContain("overdue");
  });

  test("the record counts what people confirmed, refused and did themselves", async () => {
    await setting.configure("triage: { waitMinutes: 0 }\n");
    const [confirmed, refused, missed] = [await open(BUG), await open(BUG), await open({ title: "Hm", body: "Hm." })];
    await control.apply("unlabel", { repository: REPOSITORY, number: refused, label: "bug", by: "ann" });
    await control.apply("closeIssue", { repository: REPOSITORY, number: confirmed, by: "ann" });
    await control.apply("label", { repository: REPOSITORY, number: missed, label: "question", by: "ann" });
    await settle();
    const { installationId, ref } = await known();
    const weeks = await triageWeeks(sql, [installationId], { since: new Date(0), repositoryId: ref.id });
    expect(weeks).toMatchObject([{ confirmed: 1, refused: 1, missed: 1, duplicates_confirmed: 1 }]);
    expect(await triageWeeks(sql, [installationId + 1n], { since: new Date(0), repositoryId: null })).toEqual([]);
  });
});

describe("the backlog", { timeout: 240_000 }, () => {
  test("judges what was opened while triage was off, within the writes of a day, each once", async () => {
    await setting.configure("triage: { enabled: false }\n");
    const numbers = [await open(BUG), await open(BUG), await open(BUG)];
    for (const number of numbers) expect(await written(number)).toBe(0);
    const [row] = await sql.query("SELECT count(*)::int AS n FROM effects WHERE status = 'done'");
    await setting.configure(`triage: { waitMinutes: 0, writesPerDay: ${Number(row?.["n"]) + 4} }\n`);
    const repository = await known();
    for (const _twice of [1, 2]) await requestBacklog(database.store, repository, new Date());
    await expect
      .poll(async () => (await Promise.all(numbers.map(labels))).filter((each) => each.includes("bug")).length, {
        timeout: 60_000,
      })
      .toBe(2);
    const [job] = await sql.query("SELECT reason FROM jobs WHERE name = 'triage-backlog' ORDER BY id DESC LIMIT 1");
    expect(String(job?.["reason"])).toMatch(/open issues judged/);
    for (const number of numbers) expect(await written(number)).toBeLessThanOrEqual(1);
    await sql.query("DELETE FROM jobs WHERE name = 'triage-backlog'");
  });
});
