import { afterAll, expect, test } from "vitest";
import { REPOSITORY, reviewSetting } from "./setting.js";

const setting = await reviewSetting({ files: [{ path: "README.md", content: "# Shop\n" }] });
afterAll(() => setting.close());
const { control } = setting.github;
await control.apply("openIssue", { repository: REPOSITORY, title: "An issue" });
await setting.settle();

async function say(by: string, count: number) {
  for (let nth = 0; nth < count; nth += 1)
    await control.apply("addComment", { repository: REPOSITORY, number: 1, body: "/help", by });
  await setting.settle();
}

function answers(): number {
  const { bot } = setting.github.simulation.organisation.app;
  const issue = setting.github.simulation.organisation.byName.get(REPOSITORY)?.issues.get(1);
  return issue?.comments.filter(({ author }) => author === bot).length ?? 0;
}

test(
  "answers strangers' commands up to a limit, without blocking maintainers",
  {
    timeout: 240_000,
  },
  async () => {
    await say("stranger", 40);
    expect(answers()).toBe(10);
    const { sql } = setting.database.store;
    const above = await sql.query("SELECT reason FROM commands WHERE status = 'above-limit'");
    expect(above).toHaveLength(30);
    expect(above[0]).toEqual({ reason: "the person reached the limit of commands per hour" });
    const jobs = await sql.query(
      "SELECT 1 FROM jobs WHERE name = 'command' AND status = 'skipped' AND reason LIKE $1",
      ["%limit of commands per hour"],
    );
    expect(jobs).toHaveLength(30);
    await say("bob", 11);
    await say("ann", 1);
    expect(answers()).toBe(20);
    await say("hubot", 12);
    expect(answers()).toBe(32);
  },
);
