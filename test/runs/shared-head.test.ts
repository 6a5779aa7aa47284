import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { REPOSITORY, reviewSetting } from "./setting.js";

const setting = await reviewSetting();
afterAll(() => setting.close());
const { control, simulation } = setting.github;

const bad = (path: string) => ({ path, content: "export const a = 1;\ndebugger;\n" });
const branches = (): ReadonlyMap<string, string> =>
  simulation.organisation.byName.get(REPOSITORY)?.branches ?? new Map<string, string>();

/** Opens a pull request from a branch that is there. */
async function open(head: string, base: string): Promise<number> {
  const { number = 0 } = await control.apply("openPull", { repository: REPOSITORY, title: `To ${base}`, head, base });
  await setting.settle();
  return number;
}
async function change(kind: "closePull" | "reopenPull", number: number): Promise<void> {
  simulation.clock.advance(2);
  await control.apply(kind, { repository: REPOSITORY, number });
  await setting.settle();
}
const shown = (number: number) => setting.visible(number).checks.at(-1)?.conclusion;
const summary = (number: number) => {
  const { repository, headSha } = setting.pull(number);
  return repository.checkRuns.get(headSha)?.at(-1)?.summary ?? "";
};

/** A branch whose first commit has a finding, and a base that has this commit already. */
async function branch(name: string): Promise<void> {
  const push = (
    branchName: string,
    commits: readonly { message: string; files: { path: string; content: string }[] }[],
    onto?: string,
  ) => control.apply("push", { repository: REPOSITORY, branch: branchName, commits, ...(onto && { onto }) });
  await push(name, [{ message: "Bad", files: [bad(`src/${name}.ts`)] }]);
  await push(
    `${name}-base`,
    [{ message: "Release", files: [{ path: "RELEASE.md", content: "1\n" }] }],
    branches().get(name),
  );
  await push(name, [{ message: "Good", files: [{ path: `docs/${name}.md`, content: "Text.\n" }] }]);
}

describe("one head in two pull requests", { timeout: 120_000 }, () => {
  let [toMain, toBase] = [0, 0];
  beforeAll(async () => {
    await branch("topic");
    toMain = await open("topic", "main");
    toBase = await open("topic", "topic-base");
  }, 120_000);

  test("shows the worst of their results, whichever is reviewed last", async () => {
    expect(shown(toMain)).toBe("failure");
    expect(summary(toMain)).toContain(`#${toMain} failure, #${toBase} success`);
    await branch("second");
    const good = await open("second", "second-base");
    expect(shown(good)).toBe("success");
    await open("second", "main");
    expect(shown(good)).toBe("failure");
  });

  test("shows the other's result when one is closed, and the worst again when it is opened", async () => {
    await change("closePull", toMain);
    expect(shown(toBase)).toBe("success");
    await change("reopenPull", toMain);
    expect(shown(toBase)).toBe("failure");
    await change("closePull", toBase);
    expect(shown(toMain)).toBe("failure");
    expect(summary(toMain)).not.toContain("several pull requests");
  });

  test("a merge queue takes the pull request's own result", async () => {
    await change("reopenPull", toBase);
    const { sql } = setting.database.store;
    const [row] = await sql.query(
      `SELECT decision->'effects' AS effects FROM agent_runs WHERE subject = $1 AND status = 'done' ORDER BY id LIMIT 1`,
      [`pull_request:${toBase}`],
    );
    expect(row?.["effects"]).toContainEqual(expect.objectContaining({ kind: "check-run", conclusion: "success" }));
  });

  test("shows one result when the head of the other moves", async () => {
    await branch("copy");
    const onto = branches().get("copy") ?? "";
    await control.apply("push", { repository: REPOSITORY, branch: "twin", commits: [], onto });
    const stays = await open("copy", "copy-base");
    const moves = await open("twin", "main");
    expect(setting.pull(stays).headSha).toBe(setting.pull(moves).headSha);
    expect(shown(stays)).toBe("failure");
    simulation.clock.advance(2);
    await control.apply("push", { repository: REPOSITORY, branch: "twin", commits: [{ message: "More" }] });
    await setting.settle();
    expect(shown(stays)).toBe("success");
  });
});
