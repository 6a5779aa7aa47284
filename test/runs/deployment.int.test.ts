import { afterAll, describe, expect, test } from "vitest";
import { deploymentSetting, SETTINGS } from "./deployment-setting.js";
import { REPOSITORY } from "./setting.js";

const setting = await deploymentSetting();
afterAll(() => setting.close());
const { say, finish, deployments, check, approve } = setting;
const on = { repository: REPOSITORY, number: 1 };

describe("deployment commands", { timeout: 120_000 }, () => {
  test("deploys the head of a pull request, exactly and unmerged", async () => {
    const { number, sha } = await setting.open();
    expect(number).toBe(1);
    await setting.commit();
    expect(await say("/deploy staging")).toEqual([`The App deploys ${sha.slice(0, 7)} to staging.`]);
    expect(deployments()).toEqual([{ environment: "staging", sha, by: "companyos[bot]" }]);
  });

  test("refuses while the deployment holds its environment, and says who can clear it", async () => {
    const [answer] = await say("/deploy staging", "monalisa");
    expect(answer).toContain("Refused: A deployment by hubot holds staging until ");
    expect(answer).toContain(
      "(locked; cleared by the end of that deployment, or hubot or an admin, with /unlock staging)",
    );
    expect((await say("/lock staging", "monalisa"))[0]).toContain("(locked; cleared by");
    await finish("staging", "success");
    expect((await say("/lock staging release in progress", "monalisa"))[0]).toContain("The lock of staging is yours");
    expect((await say("/deploy staging"))[0]).toContain("monalisa holds the lock of staging: release in progress.");
    expect((await say("/unlock staging"))[0]).toContain("only `monalisa` or an admin can release it");
    expect((await say("/unlock staging", "monalisa"))[0]).toBe("The lock of staging is released.");
    expect(deployments()).toHaveLength(1);
  });

  test("names every closed gate, and deploys when each is open", async () => {
    const { headSha } = setting.pull();
    const [refused = ""] = await say("/deploy production");
    expect(refused).toContain("has no result: test. (checks-unknown;");
    expect(refused).toContain("has 0 of 1 approvals. (approvals;");
    await check(headSha, "failure");
    await approve(1);
    expect((await say("/deploy production"))[0]).toMatch(/: test. \(checks-failed; [^)]*\)$/);
    await setting.recheck(headSha, "success");
    expect((await say("/deploy production --noop"))[0]).toContain("Every gate is open");
    expect(deployments()).toHaveLength(1);
    expect((await say("/deploy production"))[0]).toBe(`The App deploys ${headSha.slice(0, 7)} to production.`);
    expect(deployments().at(-1)).toMatchObject({ environment: "production", sha: headSha });
    await finish("production", "success");
  });

  test("asks for the role that the environment takes", async () => {
    expect((await say("/deploy staging", "ann"))[0]).toContain("needs the role write or more; yours is triage");
    await setting.configure("deployments: { enabled: true, environments: { staging: { role: admin } } }\n");
    expect((await say("/deploy staging"))[0]).toContain("needs the role admin; hubot has write. (role;");
    await setting.configure(SETTINGS);
  });

  test("names bad input", async () => {
    expect((await say("/deploy prod"))[0]).toContain("name no environment prod; they name production, staging.");
    expect((await say("/deploy staging deadbeefdeadbeef"))[0]).toContain("knows no commit deadbeefdeadbeef");
    expect((await say("/deploy staging main"))[0]).toContain("main is no commit id");
    expect((await say("/deploy"))[0]).toContain("An environment is missing.");
    expect((await say("/deploy staging --override"))[0]).toContain("An override needs a reason.");
  });

  test("does not take a branch for a commit of that name", async () => {
    const { repository } = setting.pull();
    repository.branches.set("abcdef1", setting.pull().headSha);
    expect((await say("/deploy staging abcdef1"))[0]).toContain("knows no commit abcdef1");
  });

  test("an edited comment is no command", async () => {
    const { control } = setting.github;
    await control.run("webhook", { url: null });
    const { id = 0 } = await control.apply("addComment", { ...on, body: "/deploy staging", by: "hubot" });
    await control.run("clock", { advanceSeconds: 2 });
    await control.apply("editComment", { comment: id, body: "/deploy production", by: "hubot" });
    const before = deployments().length;
    const sent = await control.run("deliveries", {});
    await control.run("webhook", { url: setting.url });
    for (const { id: delivery } of sent
      .filter(({ statusCode }) => statusCode < 200)
      .slice(-2)
      .reverse())
      await control.run("redeliver", { id: delivery });
    await setting.settle();
    expect(deployments()).toHaveLength(before);
    expect(await lastJob("command")).toMatchObject({
      reason: "the comment was edited; the app ignores commands in edited comments",
    });
  });

  test("refuses a head that moved after the command, and deploys the commit that is named", async () => {
    const { control } = setting.github;
    const { headSha } = setting.pull();
    await control.run("webhook", { url: null });
    await control.run("clock", { advanceSeconds: 2 });
    await control.apply("addComment", { ...on, body: "/deploy staging", by: "hubot" });
    await control.run("clock", { advanceSeconds: 2 });
    const files = [{ path: "late.txt", content: "late\n" }];
    await control.apply("push", { repository: REPOSITORY, branch: "topic", commits: [{ message: "Late", files }] });
    const missed = (await control.run("deliveries", {})).filter(({ statusCode }) => statusCode < 200);
    await control.run("webhook", { url: setting.url });
    const before = setting.visible().answers.length;
    for (const { id } of missed.reverse()) await control.run("redeliver", { id });
    await setting.settle();
    const answer = setting.visible().answers.slice(before).join("\n");
    expect(answer).toContain("after the command was written");
    expect(answer).toContain("by repeating it");
    expect((await say(`/deploy staging ${headSha.slice(0, 9)}`))[0]).toBe(
      `The App deploys ${headSha.slice(0, 7)} to staging.`,
    );
    await finish("staging", "success");
  });

  test("a freeze stops everybody, its author too, and an admin overrides it with a reason", async () => {
    expect((await say("/freeze 2h an incident", "hubot"))[0]).toContain(
      "Deployments of the repository are frozen until",
    );
    const sha = await setting.commit();
    expect((await say(`/deploy staging ${sha}`))[0]).toContain(
      "an incident. (frozen; cleared by hubot or an admin, with /freeze off)",
    );
    expect((await say(`/deploy staging ${sha} --override fix`))[0]).toContain("(frozen;");
    expect((await say(`/deploy staging ${sha} --override the fix itself`, "monalisa"))[0]).toContain(
      "overriding frozen.",
    );
    await finish("staging", "success");
    expect(await setting.acts("deployment.override")).toMatchObject([
      { by_login: "monalisa", detail: { reason: "the fix itself", sha } },
    ]);
    expect((await say("/freeze off", "octocat"))[0]).toContain("only `hubot` or an admin can release it");
    expect((await say("/freeze off"))[0]).toBe("The freeze of the repository is released.");
  });

  test("/why and /deploys show the live commit, and what blocks a change", async () => {
    const [why = ""] = await say("/why");
    expect(why).toContain("is not live in `production`");
    expect(why).toContain("- `checks-unknown`: On");
    expect((await say("/why staging"))[0]).toContain(
      "is not live in `staging`. Every gate is open: `/deploy staging`.",
    );
    const [list = ""] = await say("/deploys", "bob");
    expect(list).toContain("`production`:");
    expect(list).toMatch(/- `[0-9a-f]{7}` succeeded 20/);
  });

  test("/rollback deploys the commit that ran before, without the order of environments", async () => {
    const [first, second] = [setting.pull().repository.deployments, await setting.commit()];
    const earlier = [...first.values()].filter(({ environment }) => environment === "production").at(-1)?.sha;
    await setting.check(second, "success");
    expect((await say(`/deploy production ${second} --override forward`, "monalisa"))[0]).toContain("overriding");
    await finish("production", "success");
    expect((await say("/rollback production"))[0]).toBe(`The App rolls back ${earlier?.slice(0, 7)} to production.`);
    expect(deployments().at(-1)).toMatchObject({ environment: "production", sha: earlier });
    await finish("production", "success");
  });

  test("takes the lock of a person who left, with a reason", async () => {
    const { control } = setting.github;
    await say("/lock staging holidays", "octocat");
    expect((await say("/lock staging --take"))[0]).toContain("needs a reason");
    expect((await say("/lock staging --take octocat left"))[0]).toContain("still has write access");
    await control.apply("setRole", { repository: REPOSITORY, login: "octocat", role: "none" });
    expect((await say("/lock staging --take octocat left"))[0]).toContain("taken from `octocat`");
    expect(await setting.acts("deploy-lock.take-over")).toMatchObject([
      { by_login: "hubot", detail: { holder: "octocat" } },
    ]);
    await say("/unlock staging");
  });

  test("without the permission to deploy a command is refused, and nothing else is lost", async () => {
    const { control, simulation } = setting.github;
    const [installation] = simulation.organisation.installations.values();
    const { permissions = {} } = installation ?? {};
    const accept = (deployments: "read" | "write") =>
      control.apply("acceptPermissions", {
        installation: installation?.id ?? 0,
        permissions: { ...permissions, deployments },
      });
    await accept("read");
    await setting.settle();
    expect((await say("/deploy staging"))[0]).toContain("lacks the permission deployments: write. (not-permitted;");
    expect((await say("/deploys", "bob"))[0]).toContain("`staging`:");
    await accept("write");
    await setting.settle();
  });

  test("does nothing where deployments are not switched on, not even answer", async () => {
    await setting.configure("deployments: { enabled: false }\n");
    expect(await say("/deploy staging")).toEqual([]);
    expect(await lastJob("command")).toMatchObject({ reason: "/deploy: deployments.enabled is false in the settings" });
    await setting.configure(SETTINGS);
  });
});

async function lastJob(name: string) {
  const [row] = await setting.database.store.sql.query(
    "SELECT reason FROM jobs WHERE name = $1 ORDER BY id DESC LIMIT 1",
    [name],
  );
  return row;
}
