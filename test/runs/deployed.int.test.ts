import { afterAll, describe, expect, test } from "vitest";
import { deploymentSetting, SETTINGS } from "./deployment-setting.js";
import { REPOSITORY } from "./setting.js";

const setting = await deploymentSetting();
afterAll(() => setting.close());
const { control, simulation } = setting.github;
const { organisation } = simulation;

const repository = () => organisation.byName.get(REPOSITORY);
const checksOf = (sha: string) =>
  (repository()?.checkRuns.get(sha) ?? []).filter(({ name }) => name.startsWith("companyos / deployed"));
const incidents = () =>
  [...(repository()?.issues.values() ?? [])].filter(({ author }) => author === organisation.app.bot);
const commentsOn = (number: number) =>
  (repository()?.pulls.get(number)?.comments ?? [])
    .filter(({ author }) => author === organisation.app.bot)
    .map(({ body }) => body.split("\n\n<!--")[0]);

async function deploy(environment: string, state: "success" | "failure", ref = "main"): Promise<void> {
  const { id = 0 } = await control.apply("createDeployment", { repository: REPOSITORY, environment, ref });
  await control.apply("setDeploymentStatus", { deployment: id, state });
  await control.run("clock", { advanceSeconds: 2 });
  await setting.settle();
}

async function merged(branch: string) {
  const { number } = await setting.open(branch);
  await control.apply("mergePull", { repository: REPOSITORY, number });
  await control.run("clock", { advanceSeconds: 2 });
  await setting.settle();
  const sha = repository()?.branches.get("main") ?? "";
  return { number, sha };
}

await setting.configure(`${SETTINGS}  summary: true\n  comments: true\n  incidents: true\n`);
await deploy("staging", "success");
await deploy("production", "success");

describe("after a deployment", { timeout: 120_000 }, () => {
  test("a check lists its pull requests, and their one comment follows them to production", async () => {
    const { number, sha } = await merged("one");
    await deploy("staging", "success");
    expect(checksOf(sha)).toMatchObject([{ name: "companyos / deployed (staging)", conclusion: "success" }]);
    expect(checksOf(sha)[0]?.summary).toContain(`- #${number} Change`);
    expect(commentsOn(number)).toEqual([`This change is deployed to:\n\n- \`staging\` with \`${sha.slice(0, 7)}\``]);
    await deploy("production", "success");
    expect(commentsOn(number)).toHaveLength(1);
    expect(commentsOn(number)[0]).toContain(`- \`production\` with \`${sha.slice(0, 7)}\``);
    expect(commentsOn(number)[0]).toContain("- `staging` with");
  });

  test("a streak of failures is one issue with what it brought, closed by the next success", async () => {
    const before = repository()?.branches.get("main");
    const { number } = await merged("two");
    await deploy("production", "failure");
    await deploy("production", "failure");
    expect(incidents()).toMatchObject([{ state: "open", title: "Deployments to production fail" }]);
    expect(incidents()[0]?.body).toContain(`The last commit that ran is \`${before}\`.`);
    expect(incidents()[0]?.body).toContain(`- #${number} Change`);
    await deploy("production", "success");
    expect(incidents()).toMatchObject([{ state: "closed" }]);
    await deploy("production", "failure");
    expect(incidents()).toMatchObject([{ state: "open" }]);
    expect(incidents()).toHaveLength(1);
  });
});
