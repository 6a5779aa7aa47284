import { afterAll, describe, expect, test } from "vitest";
import { deploymentSetting, SETTINGS } from "./deployment-setting.js";
import { REPOSITORY } from "./setting.js";

/** Where the process ends next, in this order. */
const deaths: ("afterIntent" | "afterCall")[] = [];
const dieAt = (step: (typeof deaths)[number], kind: string) => {
  if (kind !== "deployment-review" || deaths[0] !== step) return;
  deaths.shift();
  throw new Error("the process ends here");
};
const setting = await deploymentSetting({
  hooks: {
    afterIntent: ({ kind }) => dieAt("afterIntent", kind),
    afterCall: ({ kind }) => dieAt("afterCall", kind),
  },
});
afterAll(() => setting.close());
const { say, deployments } = setting;
const { control, simulation } = setting.github;

interface Job {
  readonly environment?: string;
  readonly by?: string;
  readonly sha?: string;
  readonly event?: string;
  readonly deployment?: boolean;
}

async function start(job: Job = {}): Promise<number> {
  const { id = 0 } = await control.apply("startJob", {
    repository: REPOSITORY,
    environment: "staging",
    by: "hubot",
    ...job,
  });
  await setting.settle();
  return id;
}

const jobOf = (runId: number) =>
  simulation.organisation.byName.get(REPOSITORY)?.waitingJobs.find((each) => each.runId === runId);
const state = (runId: number) => jobOf(runId)?.state;
const answers = (runId: number) =>
  jobOf(runId)?.answers.map((each) => ({ ...each, comment: each.comment.replaceAll(/\u200b|\\/g, "") })) ?? [];

await control.apply("openIssue", { repository: REPOSITORY, title: "Deployments", by: "octocat" });
await setting.settle();

describe("the protection rule", { timeout: 120_000 }, () => {
  test("is approved once when every gate is open, and the job holds its environment until its result", async () => {
    const first = await start();
    expect(answers(first)).toMatchObject([{ state: "approved" }]);
    const second = await start({ by: "octocat" });
    expect(answers(second)).toMatchObject([{ state: null }]);
    expect(answers(second)[0]?.comment).toContain("Waits: A deployment by hubot holds staging until");
    expect((await say("/deploy staging"))[0]).toContain("(locked;");
    await setting.finish("staging", "in_progress");
    const [job] = [jobOf(first)];
    await control.apply("setDeploymentStatus", { deployment: job?.deployment?.id ?? 0, state: "success", by: "hubot" });
    await setting.settle();
    expect(answers(second).map((each) => each.state)).toEqual([null, "approved"]);
    await setting.finish("staging", "success");
  });

  test("waits for a lock with its reason, and is answered again when the lock goes", async () => {
    await say("/lock staging a migration", "monalisa");
    const runId = await start();
    expect(state(runId)).toBe("waiting");
    expect(answers(runId)).toHaveLength(1);
    expect(answers(runId)[0]?.comment).toContain(
      "monalisa holds the lock of staging: a migration. (locked; cleared by",
    );
    await say("/unlock staging", "monalisa");
    expect(state(runId)).toBe("approved");
    await setting.finish("staging", "success");
  });

  test("is rejected where waiting changes nothing", async () => {
    const runId = await start({ by: "ann" });
    expect(answers(runId)).toMatchObject([{ state: "rejected" }]);
    expect(answers(runId)[0]?.comment).toContain(
      "Rejected: The deployment needs the role write; ann has triage. (role;",
    );
    expect(state(await start({ environment: "qa" }))).toBe("rejected");
  });

  test("lets the executor of its own deployment through, and no other workflow meanwhile", async () => {
    const [earlier, sha] = [await setting.commit(), await setting.commit()];
    expect((await say(`/deploy staging ${sha}`))[0]).toContain("deploys");
    const other = await start({ sha: earlier });
    expect(state(other)).toBe("waiting");
    const executor = await start({ sha, event: "deployment", deployment: false, by: "companyos[bot]" });
    expect(answers(executor)).toMatchObject([{ state: "approved" }]);
    expect(deployments().filter((each) => each.by === "companyos[bot]")).toHaveLength(1);
    await setting.finish("staging", "success", sha);
    expect(state(other)).toBe("approved");
    await setting.finish("staging", "success", earlier);
  });

  test("is answered once whatever step the process ends at", async () => {
    deaths.push("afterIntent", "afterCall");
    const runId = await start();
    expect(deaths).toEqual([]);
    expect(answers(runId)).toMatchObject([{ state: "approved" }]);
    await setting.finish("staging", "success");
  });

  test("of a repository that has not switched it on waits, and says so", async () => {
    await setting.configure(SETTINGS.replace("protect: true", "protect: false"));
    const runId = await start();
    expect(answers(runId)).toMatchObject([{ state: null }]);
    expect(answers(runId)[0]?.comment).toContain("deployments.protect is false");
    await setting.configure(SETTINGS);
  });
});
